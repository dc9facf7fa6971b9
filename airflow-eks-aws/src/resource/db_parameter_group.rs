//! A parameter group of RDS.

mod parameters;

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, DbParameterGroup, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_rds::types as sdk;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags::rds as tags;

impl Manage for DbParameterGroup {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.db_parameter_group_name.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let Some(group) = describe(aws, wanted.id, name).await? else { return Ok(None) };
        let arn = group.db_parameter_group_arn().unwrap_or_default();
        let Some(tags) = tags::of(aws, wanted.id, arn).await? else { return Ok(None) };
        let parameters = parameters::set(aws, wanted.id, name, &wanted.body.parameters).await;
        let Some(parameters) = found(parameters)? else { return Ok(None) };
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: Self {
                db_parameter_group_name: name.to_owned(),
                db_parameter_group_family: group.db_parameter_group_family().unwrap_or_default().to_owned(),
                description: group.description().unwrap_or_default().to_owned(),
                parameters,
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            readiness: Readiness::Ready,
        }))
    }

    /// A group without all of its parameters shows as a change of them.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let request = aws
            .rds
            .create_db_parameter_group()
            .db_parameter_group_name(&wanted.body.db_parameter_group_name)
            .db_parameter_group_family(&wanted.body.db_parameter_group_family)
            .description(&wanted.body.description)
            .set_tags(Some(tags::write(wanted.tags)));
        let operation = Operation::repeatable("rds", "CreateDBParameterGroup");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        parameters::write(aws, wanted, &BTreeMap::new()).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("parameters") {
            let there = parameters::set(aws, wanted.id, physical_id, &wanted.body.parameters).await?;
            parameters::write(aws, wanted, &there).await?;
        }
        if changes.touch("tags") {
            let group = describe(aws, wanted.id, physical_id).await?;
            let arn = group.and_then(|group| group.db_parameter_group_arn).unwrap_or_default();
            tags::put(aws, wanted.id, wanted.tags, &arn).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let send = || aws.rds.delete_db_parameter_group().db_parameter_group_name(physical_id).send();
        gone(aws.call(Operation::delete("rds", "DeleteDBParameterGroup"), physical_id, send).await)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let kind = AwsKind::DbParameterGroup;
        let operation = Operation::read("rds", "DescribeDBParameterGroups");
        let send = |marker| aws.rds.describe_db_parameter_groups().set_marker(marker).send();
        let groups =
            aws.every_page(operation, kind, send, |page| (page.db_parameter_groups, page.marker)).await?;
        let groups =
            groups.into_iter().map(|group| (group.db_parameter_group_arn, group.db_parameter_group_name));
        tags::owned(aws, kind, groups.collect()).await
    }
}

async fn describe(aws: &Aws, id: &AwsId, name: &str) -> Result<Option<sdk::DbParameterGroup>, Error> {
    let send = || aws.rds.describe_db_parameter_groups().db_parameter_group_name(name).send();
    let answer = found(aws.call(Operation::read("rds", "DescribeDBParameterGroups"), id, send).await)?;
    Ok(answer.and_then(|answer| answer.db_parameter_groups?.into_iter().next()))
}
