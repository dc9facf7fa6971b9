//! A service-linked role.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{ServiceLinkedRole, Tags};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error};
use crate::pages::pages;

impl Manage for ServiceLinkedRole {
    /// Known by the path that is the service's alone.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let path = format!("/aws-service-role/{}/", wanted.body.aws_service_name);
        let path: &str = &path;
        let roles = pages(|marker| async move {
            let answer = aws
                .call(Operation::read("iam", "ListRoles"), wanted.id, || {
                    aws.iam.list_roles().path_prefix(path).set_marker(marker.clone()).send()
                })
                .await?;
            Ok((answer.roles, answer.marker))
        })
        .await?;
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
                aws.iam.create_service_linked_role().aws_service_name(&wanted.body.aws_service_name).send()
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

    /// Never: other stacks, and whatever else is in the account, use it too.
    async fn delete(_: &Aws, _: &str) -> Result<(), Error> {
        Ok(())
    }

    async fn owned(_: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        Ok(Vec::new())
    }
}

/// IAM has no code of its own for a service-linked role that is there.
fn is_there(error: &Error) -> bool {
    error.class == Class::AlreadyExists
        || error.failure.code.as_deref().is_some_and(|code| code.starts_with("InvalidInput"))
            && error.failure.message.contains("has been taken")
}
