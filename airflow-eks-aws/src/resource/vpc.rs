//! A VPC.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, Vpc};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{
    AttributeBooleanValue, ResourceType, SecurityGroupRule, VpcAttributeName, VpcState,
};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::security_groups;
use crate::tags::ec2 as tags;

impl Manage for Vpc {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let filters = tags::filters(aws, wanted.id);
        let operation = Operation::read("ec2", "DescribeVpcs");
        let send =
            |token| aws.ec2.describe_vpcs().set_filters(Some(filters.clone())).set_next_token(token).send();
        let vpcs = aws.every_page(operation, wanted.id, send, |page| (page.vpcs, page.next_token)).await?;
        let Some(vpc) = tags::only_one(wanted.id, &vpcs)? else { return Ok(None) };
        let id = vpc.vpc_id().unwrap_or_default();
        let body = Self {
            cidr_block: vpc.cidr_block().unwrap_or_default().to_owned(),
            enable_dns_hostnames: attribute(aws, wanted.id, id, VpcAttributeName::EnableDnsHostnames).await?,
            enable_dns_support: attribute(aws, wanted.id, id, VpcAttributeName::EnableDnsSupport).await?,
            default_security_group_closed: default_rules(aws, wanted.id, id).await?.1.is_empty(),
        };
        let readiness = match vpc.state() {
            Some(VpcState::Available) => Readiness::Ready,
            state => Readiness::InProgress(state.map_or("unknown", VpcState::as_str).to_owned()),
        };
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body,
            tags: tags::read(vpc.tags()),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness,
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let answer = aws
            .call(Operation::once("ec2", "CreateVpc"), wanted.id, || {
                aws.ec2
                    .create_vpc()
                    .cidr_block(&wanted.body.cidr_block)
                    .tag_specifications(tags::on_creation(ResourceType::Vpc, wanted.tags))
                    .send()
            })
            .await?;
        let id = answer.vpc().and_then(|vpc| vpc.vpc_id()).unwrap_or_default();
        set_attributes(aws, wanted, id).await?;
        close_default_group(aws, wanted.id, id).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch_any(&["enableDnsHostnames", "enableDnsSupport"]) {
            set_attributes(aws, wanted, physical_id).await?;
        }
        if changes.touch("defaultSecurityGroupClosed") {
            close_default_group(aws, wanted.id, physical_id).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DeleteVpc"), physical_id, || {
                aws.ec2.delete_vpc().vpc_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::Vpc, &ResourceType::Vpc).await
    }
}

async fn attribute(aws: &Aws, id: &AwsId, vpc: &str, name: VpcAttributeName) -> Result<bool, Error> {
    let answer = aws
        .call(Operation::read("ec2", "DescribeVpcAttribute"), id, || {
            aws.ec2.describe_vpc_attribute().vpc_id(vpc).attribute(name.clone()).send()
        })
        .await?;
    let value = match name {
        VpcAttributeName::EnableDnsHostnames => answer.enable_dns_hostnames(),
        _ => answer.enable_dns_support(),
    };
    Ok(value.and_then(AttributeBooleanValue::value).unwrap_or_default())
}

/// Each attribute needs a call of its own, and names need the resolver.
async fn set_attributes(aws: &Aws, wanted: Wanted<'_, Vpc>, vpc: &str) -> Result<(), Error> {
    let value = |value: bool| AttributeBooleanValue::builder().value(value).build();
    let operation = Operation::repeatable("ec2", "ModifyVpcAttribute");
    let modify = || aws.ec2.modify_vpc_attribute().vpc_id(vpc);
    let support = wanted.body.enable_dns_support;
    aws.call(operation, wanted.id, || modify().enable_dns_support(value(support)).send()).await?;
    let hostnames = wanted.body.enable_dns_hostnames;
    aws.call(operation, wanted.id, || modify().enable_dns_hostnames(value(hostnames)).send()).await?;
    Ok(())
}

/// The group that AWS gives to the VPC, and its rules.
async fn default_rules(aws: &Aws, id: &AwsId, vpc: &str) -> Result<(String, Vec<SecurityGroupRule>), Error> {
    let resource = id.to_string();
    let filters = vec![tags::filter("vpc-id", vpc), tags::filter("group-name", "default")];
    let groups = security_groups::groups(aws, &resource, filters).await?;
    let Some(group) = groups.into_iter().next().and_then(|group| group.group_id) else {
        return Ok((String::new(), Vec::new()));
    };
    let rules = security_groups::rules(aws, &resource, vec![tags::filter("group-id", &group)]).await?;
    Ok((group, rules))
}

async fn close_default_group(aws: &Aws, id: &AwsId, vpc: &str) -> Result<(), Error> {
    let (group, rules) = default_rules(aws, id, vpc).await?;
    for egress in [false, true] {
        let these = rules.iter().filter(|rule| rule.is_egress().unwrap_or_default() == egress);
        let ids = these.filter_map(|rule| rule.security_group_rule_id.clone()).collect();
        security_groups::revoke(aws, &id.to_string(), &group, egress, ids).await?;
    }
    Ok(())
}
