//! A subnet group of RDS.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, DbSubnetGroup, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_rds::types as sdk;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags::rds as tags;

impl Manage for DbSubnetGroup {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.db_subnet_group_name.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let Some(group) = describe(aws, wanted.id, name).await? else { return Ok(None) };
        let arn = group.db_subnet_group_arn().unwrap_or_default();
        let Some(tags) = tags::of(aws, wanted.id, arn).await? else { return Ok(None) };
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: Self {
                db_subnet_group_name: name.to_owned(),
                db_subnet_group_description: group
                    .db_subnet_group_description()
                    .unwrap_or_default()
                    .to_owned(),
                subnet_ids: group
                    .subnets()
                    .iter()
                    .filter_map(|subnet| subnet.subnet_identifier().map(str::to_owned))
                    .collect(),
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let request = aws
            .rds
            .create_db_subnet_group()
            .db_subnet_group_name(&wanted.body.db_subnet_group_name)
            .db_subnet_group_description(&wanted.body.db_subnet_group_description)
            .set_subnet_ids(Some(wanted.body.subnet_ids.iter().cloned().collect()))
            .set_tags(Some(tags::write(wanted.tags)));
        let operation = Operation::repeatable("rds", "CreateDBSubnetGroup");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch_any(&["subnetIds", "dbSubnetGroupDescription"]) {
            let request = aws
                .rds
                .modify_db_subnet_group()
                .db_subnet_group_name(physical_id)
                .db_subnet_group_description(&wanted.body.db_subnet_group_description)
                .set_subnet_ids(Some(wanted.body.subnet_ids.iter().cloned().collect()));
            let operation = Operation::repeatable("rds", "ModifyDBSubnetGroup");
            aws.call(operation, wanted.id, || request.clone().send()).await?;
        }
        if changes.touch("tags") {
            let group = describe(aws, wanted.id, physical_id).await?;
            let arn = group.and_then(|group| group.db_subnet_group_arn).unwrap_or_default();
            tags::put(aws, wanted.id, wanted.tags, &arn).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let send = || aws.rds.delete_db_subnet_group().db_subnet_group_name(physical_id).send();
        gone(aws.call(Operation::delete("rds", "DeleteDBSubnetGroup"), physical_id, send).await)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let kind = AwsKind::DbSubnetGroup;
        let operation = Operation::read("rds", "DescribeDBSubnetGroups");
        let send = |marker| aws.rds.describe_db_subnet_groups().set_marker(marker).send();
        let groups =
            aws.every_page(operation, kind, send, |page| (page.db_subnet_groups, page.marker)).await?;
        let groups = groups.into_iter().map(|group| (group.db_subnet_group_arn, group.db_subnet_group_name));
        tags::owned(aws, kind, groups.collect()).await
    }
}

async fn describe(aws: &Aws, id: &AwsId, name: &str) -> Result<Option<sdk::DbSubnetGroup>, Error> {
    let send = || aws.rds.describe_db_subnet_groups().db_subnet_group_name(name).send();
    let answer = found(aws.call(Operation::read("rds", "DescribeDBSubnetGroups"), id, send).await)?;
    Ok(answer.and_then(|answer| answer.db_subnet_groups?.into_iter().next()))
}
