//! Updates of EKS: most changes are accepted first, and done or refused later.
//!
//! A cluster, node group or add-on takes one update at a time, so each is waited for.
//! See <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeUpdate.html>.

use std::time::Duration;

use airflow_eks_core::graph::AwsId;
use aws_sdk_eks::types::{ErrorDetail, Update, UpdateStatus};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::wait::until;

/// What is updated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Updated<'a> {
    pub(crate) cluster: &'a str,
    pub(crate) nodegroup: Option<&'a str>,
    pub(crate) addon: Option<&'a str>,
}

impl<'a> Updated<'a> {
    pub(crate) fn cluster(cluster: &'a str) -> Self {
        Self { cluster, nodegroup: None, addon: None }
    }

    pub(crate) fn nodegroup(cluster: &'a str, nodegroup: &'a str) -> Self {
        Self { nodegroup: Some(nodegroup), ..Self::cluster(cluster) }
    }

    pub(crate) fn addon(cluster: &'a str, addon: &'a str) -> Self {
        Self { addon: Some(addon), ..Self::cluster(cluster) }
    }
}

/// Waits until an update that `operation` began is done.
pub(crate) async fn done(
    aws: &Aws,
    id: &AwsId,
    operation: Operation,
    updated: Updated<'_>,
    update: Option<&Update>,
    deadline: Duration,
) -> Result<(), Error> {
    let Some(update) = update.and_then(Update::id) else { return Ok(()) };
    let look = || async {
        let answer = aws
            .call(Operation::read("eks", "DescribeUpdate"), id, || {
                aws.eks
                    .describe_update()
                    .name(updated.cluster)
                    .set_nodegroup_name(updated.nodegroup.map(str::to_owned))
                    .set_addon_name(updated.addon.map(str::to_owned))
                    .update_id(update)
                    .send()
            })
            .await?;
        let status = answer.update().and_then(Update::status);
        match status {
            Some(UpdateStatus::Successful) => Ok(Some(())),
            Some(UpdateStatus::Failed | UpdateStatus::Cancelled) => {
                let errors = answer.update().map(Update::errors).unwrap_or_default();
                Err(failed(id, operation, update, errors))
            }
            _ => Ok(None),
        }
    };
    until(deadline, look).await?.ok_or_else(|| {
        let minutes = deadline.as_secs() / 60;
        let mut error = Error::other(
            id,
            named(operation),
            format!("update {update} is not done after {minutes} minutes"),
        );
        error.failure.hint = Some("EKS goes on with it: run again later".to_owned());
        error
    })
}

fn failed(id: &AwsId, operation: Operation, update: &str, errors: &[ErrorDetail]) -> Error {
    let told: Vec<String> = errors.iter().map(one).collect();
    let told = if told.is_empty() { "EKS does not say why".to_owned() } else { told.join("; ") };
    let mut error = Error::other(id, named(operation), format!("update {update} has failed: {told}"));
    error.failure.code = errors.iter().find_map(|error| Some(error.error_code()?.as_str().to_owned()));
    error.failure.hint = Some("EKS has undone it: mend what it says, and run again".to_owned());
    error
}

fn one(error: &ErrorDetail) -> String {
    let message = error.error_message().unwrap_or("no further explanation");
    match error.resource_ids() {
        [] => message.to_owned(),
        resources => format!("{message} ({})", resources.join(", ")),
    }
}

fn named(operation: Operation) -> String {
    format!("{}:{}", operation.service, operation.name)
}

#[cfg(test)]
mod tests {
    use airflow_eks_core::aws_resources::AwsKind;
    use aws_sdk_eks::types::ErrorCode;

    use super::*;

    #[test]
    fn a_failed_update_says_why() {
        let error = ErrorDetail::builder()
            .error_code(ErrorCode::PodEvictionFailure)
            .error_message("Reached max retries while trying to evict pods")
            .resource_ids("i-1")
            .build();
        let id = AwsId::new(AwsKind::NodeGroup, "core");
        let failure =
            failed(&id, Operation::repeatable("eks", "UpdateNodegroupVersion"), "u-1", &[error]).failure;
        assert_eq!(
            failure.to_string(),
            "NodeGroup core: eks:UpdateNodegroupVersion failed with PodEvictionFailure: update u-1 has failed: \
             Reached max retries while trying to evict pods (i-1)"
        );
    }
}
