//! Calls about security groups that more than one kind of resource needs.

use aws_sdk_ec2::types::{Filter, SecurityGroup, SecurityGroupRule};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};

/// The groups that pass the filters.
pub(crate) async fn groups(
    aws: &Aws,
    resource: &str,
    filters: Vec<Filter>,
) -> Result<Vec<SecurityGroup>, Error> {
    let operation = Operation::read("ec2", "DescribeSecurityGroups");
    let send = |token| {
        aws.ec2.describe_security_groups().set_filters(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.security_groups, page.next_token)).await
}

/// The rules that pass the filters.
pub(crate) async fn rules(
    aws: &Aws,
    resource: &str,
    filters: Vec<Filter>,
) -> Result<Vec<SecurityGroupRule>, Error> {
    let operation = Operation::read("ec2", "DescribeSecurityGroupRules");
    let send = |token| {
        aws.ec2
            .describe_security_group_rules()
            .set_filters(Some(filters.clone()))
            .set_next_token(token)
            .send()
    };
    aws.every_page(operation, resource, send, |page| (page.security_group_rules, page.next_token)).await
}

/// Takes rules away by their ids.
pub(crate) async fn revoke(
    aws: &Aws,
    resource: &str,
    group: &str,
    egress: bool,
    ids: Vec<String>,
) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = Some(ids);
    if egress {
        let operation = Operation::delete("ec2", "RevokeSecurityGroupEgress");
        let request = || aws.ec2.revoke_security_group_egress().group_id(group);
        let send = || request().set_security_group_rule_ids(ids.clone()).send();
        gone(aws.call(operation, resource, send).await)
    } else {
        let operation = Operation::delete("ec2", "RevokeSecurityGroupIngress");
        let request = || aws.ec2.revoke_security_group_ingress().group_id(group);
        let send = || request().set_security_group_rule_ids(ids.clone()).send();
        gone(aws.call(operation, resource, send).await)
    }
}
