//! A security group, without rules.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, SecurityGroup, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::ResourceType;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::security_groups::groups;
use crate::tags::ec2 as tags;

impl Manage for SecurityGroup {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let resource = wanted.id.to_string();
        let mut found = groups(aws, &resource, tags::filters(aws, wanted.id)).await?;
        let Self { vpc_id, group_name, .. } = wanted.body;
        // One that only bears the name would stand in the way: it is shown as what it is, not ours.
        if found.is_empty() && is_known(vpc_id) && is_known(group_name) {
            let filters = vec![tags::filter("vpc-id", vpc_id), tags::filter("group-name", group_name)];
            found = groups(aws, &resource, filters).await?;
        }
        let Some(group) = tags::only_one(wanted.id, &found)? else { return Ok(None) };
        let id = group.group_id().unwrap_or_default();
        let tags = tags::read(group.tags());
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self {
                vpc_id: text(group.vpc_id()),
                group_name: text(group.group_name()),
                description: text(group.description()),
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let Self { vpc_id, group_name, description } = wanted.body;
        aws.call(Operation::once("ec2", "CreateSecurityGroup"), wanted.id, || {
            aws.ec2
                .create_security_group()
                .vpc_id(vpc_id)
                .group_name(group_name)
                .description(description)
                .tag_specifications(tags::on_creation(ResourceType::SecurityGroup, wanted.tags))
                .send()
        })
        .await
        .map(drop)
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DeleteSecurityGroup"), physical_id, || {
                aws.ec2.delete_security_group().group_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::SecurityGroup, &ResourceType::SecurityGroup).await
    }
}
