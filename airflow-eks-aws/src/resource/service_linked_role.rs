//! A service-linked role.

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, RESOURCE_TAG, STACK_TAG, ServiceLinkedRole, Tags};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_iam::types::{DeletionTaskStatusType, Role};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::clusters;
use crate::error::{Class, Error, found};
use crate::wait::until;

impl Manage for ServiceLinkedRole {
    /// Known by the path that is the service's alone.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let path = format!("/aws-service-role/{}/", wanted.body.aws_service_name);
        let operation = Operation::read("iam", "ListRoles");
        let send = |marker| aws.iam.list_roles().path_prefix(&path).set_marker(marker).send();
        let roles = aws.every_page(operation, wanted.id, send, |page| (page.roles, page.marker)).await?;
        let Some(role) = roles.first() else { return Ok(None) };
        Ok(Some(Found {
            physical_id: role.role_name().to_owned(),
            body: wanted.body.clone(),
            tags: Tags::new(),
            attributes: BTreeMap::from([(Attribute::Arn, role.arn().to_owned())]),
            readiness: Readiness::Ready,
            ownership: Ownership::NotOurs("it belongs to the whole account".to_owned()),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let answer = aws
            .call(Operation::repeatable("iam", "CreateServiceLinkedRole"), wanted.id, || {
                aws.iam
                    .create_service_linked_role()
                    .aws_service_name(&wanted.body.aws_service_name)
                    .description(mark(aws, wanted.id))
                    .send()
            })
            .await;
        match answer {
            Err(error) if !is_there(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// It is the account's: there is nothing of ours to change.
    async fn update(_: &Aws, _: Wanted<'_, Self>, _: &str, _: Changes<'_>) -> Result<(), Error> {
        Ok(())
    }

    /// IAM itself refuses while anything in the account uses the role. It then stays, and is the stack's no more.
    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let answer = aws
            .call(Operation::repeatable("iam", "DeleteServiceLinkedRole"), physical_id, || {
                aws.iam.delete_service_linked_role().role_name(physical_id).send()
            })
            .await;
        let Some(answer) = found(answer)? else { return Ok(()) };
        let task = answer.deletion_task_id();
        let status = until(PATIENCE, || async move {
            let answer = aws
                .call(Operation::read("iam", "GetServiceLinkedRoleDeletionStatus"), physical_id, || {
                    aws.iam.get_service_linked_role_deletion_status().deletion_task_id(task).send()
                })
                .await?;
            Ok::<_, Error>(match answer.status() {
                DeletionTaskStatusType::Succeeded | DeletionTaskStatusType::Failed => Some(answer.status),
                _ => None,
            })
        })
        .await?;
        if status == Some(DeletionTaskStatusType::Succeeded) { Ok(()) } else { leave(aws, physical_id).await }
    }

    /// That which this stack made, as long as nobody else seems to count on it: no other cluster in the Region, and no
    /// other Karpenter in the account, whatever its Region. IAM itself refuses while Spot instances run.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let operation = Operation::read("iam", "ListRoles");
        let send = |marker| aws.iam.list_roles().set_marker(marker).send();
        let roles = aws.every_page(operation, KIND, send, |page| (page.roles, page.marker)).await?;
        let made = |role: &Role| Some((marked(aws, role.description()?)?, role.role_name().to_owned()));
        let linked = roles.iter().filter(|role| role.path().starts_with("/aws-service-role/spot."));
        let made: Vec<_> = linked.filter_map(made).collect();
        let own = format!("{}-{}-", aws.stack, aws.region);
        let is_other_karpenter = |role: &Role| {
            let name = role.role_name();
            name.to_lowercase().contains("karpenter") && !name.starts_with(&own)
        };
        if made.is_empty() || roles.iter().any(is_other_karpenter) {
            return Ok(Vec::new());
        }
        let alone = clusters::names(aws, KIND).await?.iter().all(|cluster| *cluster == aws.stack);
        Ok(if alone { made } else { Vec::new() })
    }
}

const KIND: AwsKind = AwsKind::ServiceLinkedRole;
const PATIENCE: Duration = Duration::from_mins(2);

/// Service-linked roles are made without tags: the description says who made it.
fn mark(aws: &Aws, id: &AwsId) -> String {
    format!("{STACK_TAG}={} {RESOURCE_TAG}={}", aws.stack, id.tag())
}

fn marked(aws: &Aws, description: &str) -> Option<AwsId> {
    let (stack, resource) = description.split_once(' ')?;
    let ours = stack.strip_prefix(STACK_TAG)?.strip_prefix('=')? == aws.stack;
    let id = AwsId::from_tag(resource.strip_prefix(RESOURCE_TAG)?.strip_prefix('=')?)?;
    ours.then_some(id)
}

async fn leave(aws: &Aws, role: &str) -> Result<(), Error> {
    let operation = Operation::repeatable("iam", "UpdateRoleDescription");
    aws.call(operation, role, || aws.iam.update_role_description().role_name(role).description("").send())
        .await?;
    Ok(())
}

/// IAM has no code of its own for a service-linked role that is there.
fn is_there(error: &Error) -> bool {
    error.class == Class::AlreadyExists
        || error.failure.code.as_deref().is_some_and(|code| code.starts_with("InvalidInput"))
            && error.failure.message.contains("has been taken")
}
