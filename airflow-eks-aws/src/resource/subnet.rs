//! A subnet.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, Subnet};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{AttributeBooleanValue, ResourceType, SubnetState};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;

impl Manage for Subnet {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let filters = tags::filters(aws, wanted.id);
        let operation = Operation::read("ec2", "DescribeSubnets");
        let send = |token| {
            aws.ec2.describe_subnets().set_filters(Some(filters.clone())).set_next_token(token).send()
        };
        let subnets =
            aws.every_page(operation, wanted.id, send, |page| (page.subnets, page.next_token)).await?;
        let Some(subnet) = tags::only_one(wanted.id, &subnets)? else { return Ok(None) };
        let id = subnet.subnet_id().unwrap_or_default();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self {
                vpc_id: text(subnet.vpc_id()),
                cidr_block: text(subnet.cidr_block()),
                availability_zone: text(subnet.availability_zone()),
                map_public_ip_on_launch: subnet.map_public_ip_on_launch().unwrap_or_default(),
            },
            tags: tags::read(subnet.tags()),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness: readiness(subnet.state()),
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let Self { vpc_id, cidr_block, availability_zone, map_public_ip_on_launch } = wanted.body;
        let answer = aws
            .call(Operation::once("ec2", "CreateSubnet"), wanted.id, || {
                aws.ec2
                    .create_subnet()
                    .vpc_id(vpc_id)
                    .cidr_block(cidr_block)
                    .availability_zone(availability_zone)
                    .tag_specifications(tags::on_creation(ResourceType::Subnet, wanted.tags))
                    .send()
            })
            .await?;
        // Off is what a new subnet has.
        if *map_public_ip_on_launch {
            let id = answer.subnet().and_then(|subnet| subnet.subnet_id()).unwrap_or_default();
            set_public_addresses(aws, wanted, id).await?;
        }
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("mapPublicIpOnLaunch") {
            set_public_addresses(aws, wanted, physical_id).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DeleteSubnet"), physical_id, || {
                aws.ec2.delete_subnet().subnet_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::Subnet, &ResourceType::Subnet).await
    }
}

fn readiness(state: Option<&SubnetState>) -> Readiness {
    match state {
        Some(SubnetState::Available) => Readiness::Ready,
        Some(state @ (SubnetState::Failed | SubnetState::FailedInsufficientCapacity)) => {
            Readiness::Failed(format!("the subnet is in state `{}`", state.as_str()))
        }
        state => Readiness::InProgress(state.map_or("unknown", SubnetState::as_str).to_owned()),
    }
}

async fn set_public_addresses(aws: &Aws, wanted: Wanted<'_, Subnet>, subnet: &str) -> Result<(), Error> {
    let value = AttributeBooleanValue::builder().value(wanted.body.map_public_ip_on_launch).build();
    aws.call(Operation::repeatable("ec2", "ModifySubnetAttribute"), wanted.id, || {
        aws.ec2.modify_subnet_attribute().subnet_id(subnet).map_public_ip_on_launch(value.clone()).send()
    })
    .await
    .map(drop)
}
