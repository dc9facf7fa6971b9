//! A workspace of Amazon Managed Service for Prometheus.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, PrometheusWorkspace, Tags};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_amp::error::SdkError;
use aws_sdk_amp::types::{WorkspaceDescription, WorkspaceStatus, WorkspaceStatusCode, WorkspaceSummary};
use rand::distr::{Alphanumeric, SampleString};

use super::{Changes, Found, Manage, Wanted};
use crate::call::{Operation, told};
use crate::clients::Aws;
use crate::error::{Error, found, gone};

impl Manage for PrometheusWorkspace {
    /// By its tags: any number of workspaces may have the same alias.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let mut ours: Vec<WorkspaceSummary> = workspaces(aws).await?;
        ours.retain(|workspace| aws.marked(&tags(workspace)).as_ref() == Some(wanted.id));
        // One that is being deleted counts only where there is no other.
        if ours.iter().any(|workspace| !is_going(workspace)) {
            ours.retain(|workspace| !is_going(workspace));
        }
        if ours.len() > 1 {
            let ids: Vec<&str> = ours.iter().map(WorkspaceSummary::workspace_id).collect();
            let message =
                format!("several workspaces carry its tags: {}: delete all but one", ids.join(", "));
            return Err(Error::other(wanted.id, "aps:ListWorkspaces", message));
        }
        let Some(summary) = ours.pop() else { return Ok(None) };
        let Some(workspace) = describe(aws, summary.workspace_id()).await? else { return Ok(None) };
        let mut attributes = BTreeMap::from([
            (Attribute::Id, workspace.workspace_id().to_owned()),
            (Attribute::Arn, workspace.arn().to_owned()),
        ]);
        if let Some(endpoint) = workspace.prometheus_endpoint() {
            attributes.insert(Attribute::Endpoint, endpoint.to_owned());
        }
        let tags = tags(&summary);
        Ok(Some(Found {
            physical_id: workspace.workspace_id().to_owned(),
            body: Self { alias: workspace.alias().unwrap_or_default().to_owned() },
            ownership: aws.ownership(&tags),
            tags,
            attributes,
            readiness: readiness(&workspace),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        // Fresh for every run, and the same for every attempt: a workspace that is made again is another one.
        let token = Alphanumeric.sample_string(&mut rand::rng(), 32);
        aws.call(Operation::repeatable("aps", "CreateWorkspace"), wanted.id, || {
            let create = aws.amp.create_workspace().alias(&wanted.body.alias).client_token(&token);
            create.set_tags(Some(wanted.tags.clone().into_iter().collect())).send()
        })
        .await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        workspace: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("alias") {
            aws.call(Operation::repeatable("aps", "UpdateWorkspaceAlias"), wanted.id, || {
                aws.amp.update_workspace_alias().workspace_id(workspace).alias(&wanted.body.alias).send()
            })
            .await?;
        }
        if changes.touch("tags")
            && let Some(workspace) = describe(aws, workspace).await?
        {
            aws.call(Operation::repeatable("aps", "TagResource"), wanted.id, || {
                let tag = aws.amp.tag_resource().resource_arn(workspace.arn());
                tag.set_tags(Some(wanted.tags.clone().into_iter().collect())).send()
            })
            .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, workspace: &str) -> Result<(), Error> {
        let operation = Operation::delete("aps", "DeleteWorkspace");
        gone(
            aws.call(operation, workspace, || aws.amp.delete_workspace().workspace_id(workspace).send())
                .await,
        )
    }

    async fn is_gone(aws: &Aws, workspace: &str) -> Result<bool, Error> {
        Ok(describe(aws, workspace).await?.is_none())
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let owned = offered(aws).await?.into_iter().filter_map(|workspace| {
            let id = aws.marked(&tags(&workspace))?;
            (id.kind == AwsKind::PrometheusWorkspace).then_some((id, workspace.workspace_id))
        });
        Ok(owned.collect())
    }
}

/// Every workspace of the account in the Region: a filter by alias would miss one whose alias is to change.
async fn workspaces(aws: &Aws) -> Result<Vec<WorkspaceSummary>, Error> {
    let operation = Operation::read("aps", "ListWorkspaces");
    let send = |token| aws.amp.list_workspaces().set_next_token(token).send();
    let kind = AwsKind::PrometheusWorkspace;
    aws.every_page(operation, kind, send, |page| (page.workspaces, page.next_token)).await
}

/// The same, or none where the Region does not have the service: its host then has no address. One attempt tells that; what
/// else may go wrong is left to one that is repeated.
/// See <https://docs.aws.amazon.com/general/latest/gr/prometheus-service.html>.
async fn offered(aws: &Aws) -> Result<Vec<WorkspaceSummary>, Error> {
    aws.limits.turn(Operation::read("aps", "ListWorkspaces")).await;
    match Box::pin(aws.amp.list_workspaces().send()).await {
        Ok(answer) if answer.next_token.is_none() => Ok(answer.workspaces),
        Err(error @ SdkError::DispatchFailure(_)) if has_no_address(&told(&error)) => {
            tracing::debug!(region = aws.region, "no service for Prometheus here: {}", told(&error));
            Ok(Vec::new())
        }
        _ => workspaces(aws).await,
    }
}

/// Whether looking up a host's address was answered: that there is none. No answer is something else.
fn has_no_address(said: &str) -> bool {
    let said = said.to_lowercase();
    said.contains("dns error") && !said.contains("temporary failure") && !said.contains("try again")
}

async fn describe(aws: &Aws, workspace: &str) -> Result<Option<WorkspaceDescription>, Error> {
    let operation = Operation::read("aps", "DescribeWorkspace");
    let answer =
        aws.call(operation, workspace, || aws.amp.describe_workspace().workspace_id(workspace).send()).await;
    Ok(found(answer)?.and_then(|answer| answer.workspace))
}

fn tags(workspace: &WorkspaceSummary) -> Tags {
    let tags = workspace.tags().into_iter().flatten();
    tags.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn is_going(workspace: &WorkspaceSummary) -> bool {
    let status = workspace.status().map(WorkspaceStatus::status_code);
    status == Some(&WorkspaceStatusCode::Deleting)
}

/// See <https://docs.aws.amazon.com/prometheus/latest/APIReference/API_WorkspaceStatus.html>.
fn readiness(workspace: &WorkspaceDescription) -> Readiness {
    match workspace.status().map(WorkspaceStatus::status_code) {
        Some(WorkspaceStatusCode::Active) => Readiness::Ready,
        Some(WorkspaceStatusCode::CreationFailed) => {
            Readiness::Failed("its creation failed: delete it, and run again".to_owned())
        }
        status => Readiness::InProgress(status.map_or("unknown", WorkspaceStatusCode::as_str).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_without_an_address_is_a_service_that_is_not_there() {
        let lookup = |why| {
            format!(
                "dispatch failure: io error: client error (Connect): dns error: failed to lookup address information: {why}"
            )
        };
        assert!(has_no_address(&lookup("Name or service not known")));
        assert!(has_no_address(&lookup("nodename nor servname provided, or not known")));
        assert!(!has_no_address(&lookup("Temporary failure in name resolution")));
        assert!(!has_no_address("dispatch failure: io error: client error (Connect): tcp connect error"));
    }
}
