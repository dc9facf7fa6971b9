//! Network interfaces that nothing uses, and security groups.

use std::collections::BTreeSet;

use airflow_eks_core::engine::Ownership;
use aws_sdk_ec2::types::{Filter, NetworkInterface};

use super::marks::{EKS_OWN_CLUSTER, ELBV2_CLUSTER, INSTANCE_ID, cluster_key, names_another};
use super::{Leftover, LeftoverKind, Search};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::security_groups;
use crate::tags::ec2 as tags;

/// The network interfaces that filters let through.
pub(super) async fn interfaces(
    aws: &Aws,
    resource: &str,
    filters: &[Filter],
) -> Result<Vec<NetworkInterface>, Error> {
    let operation = Operation::read("ec2", "DescribeNetworkInterfaces");
    let send = |token| {
        aws.ec2.describe_network_interfaces().set_filters(Some(filters.to_vec())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.network_interfaces, page.next_token)).await
}

impl Search<'_> {
    pub(super) async fn network_interfaces(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let filters = vec![tags::filter("status", "available")];
        let interfaces = interfaces(aws, &subject, &filters).await?;
        if interfaces.is_empty() {
            return Ok(Vec::new());
        }
        let groups = self.groups_of_cluster_or_stack().await?;
        Ok(interfaces.iter().filter_map(|interface| self.judge_interface(interface, &groups)).collect())
    }

    fn judge_interface(&self, interface: &NetworkInterface, groups: &BTreeSet<String>) -> Option<Leftover> {
        let tags = tags::read(interface.tag_set());
        let id = interface.network_interface_id();
        let kind = LeftoverKind::NetworkInterface;
        if let Some(leftover) = self.judge(kind, id, &tags) {
            return Some(leftover);
        }
        let description = format!("Amazon EKS {}", self.cluster);
        if interface.description() == Some(&description) {
            let leftover = self.leftover(kind, id, &tags, String::new())?;
            return Some(Leftover { reason: format!("description {description}"), ..leftover });
        }
        // The tag of a node names no cluster: the security groups that the node had do.
        let instance = tags.get(INSTANCE_ID)?;
        let in_vpc = self.vpc_id.is_some() && interface.vpc_id() == self.vpc_id;
        let group = interface.groups().iter().filter_map(|group| group.group_id());
        let group = group.into_iter().find(|group| groups.contains(*group))?;
        if !in_vpc || names_another(self.cluster, &tags) {
            return None;
        }
        self.leftover(kind, id, &tags, format!("{INSTANCE_ID}={instance}, with the security group {group}"))
    }

    async fn groups_of_cluster_or_stack(self) -> Result<BTreeSet<String>, Error> {
        let filters = self.vpc_id.map(|vpc| tags::filter("vpc-id", vpc));
        let groups =
            security_groups::groups(self.aws, &self.subject(), filters.into_iter().collect()).await?;
        let ours = groups.iter().filter(|group| {
            let tags = tags::read(group.tags());
            self.aws.ownership(&tags) == Ownership::Ours
                || self.reason(LeftoverKind::SecurityGroup, &tags).is_some()
        });
        Ok(ours.filter_map(|group| group.group_id().map(str::to_owned)).collect())
    }

    pub(super) async fn security_groups(self) -> Result<Vec<Leftover>, Error> {
        let keys = Filter::builder()
            .name("tag-key")
            .values(ELBV2_CLUSTER)
            .values(EKS_OWN_CLUSTER)
            .values(cluster_key(self.cluster))
            .build();
        let groups = security_groups::groups(self.aws, &self.subject(), vec![keys]).await?;
        Ok(groups
            .iter()
            .filter_map(|group| {
                self.judge(LeftoverKind::SecurityGroup, group.group_id(), &tags::read(group.tags()))
            })
            .collect())
    }
}

pub(super) async fn delete_interface(aws: &Aws, id: &str) -> Result<(), Error> {
    let operation = Operation::delete("ec2", "DeleteNetworkInterface");
    gone(aws.call(operation, id, || aws.ec2.delete_network_interface().network_interface_id(id).send()).await)
}

/// Deletes it; first takes away the rules of other groups that refer to it, such as those that let a load balancer reach
/// nodes.
pub(super) async fn delete_group(aws: &Aws, id: &str) -> Result<(), Error> {
    for filter in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        for group in security_groups::groups(aws, id, vec![tags::filter(filter, id)]).await? {
            revoke_references(aws, id, group.group_id().unwrap_or_default()).await?;
        }
    }
    let operation = Operation::delete("ec2", "DeleteSecurityGroup");
    gone(aws.call(operation, id, || aws.ec2.delete_security_group().group_id(id).send()).await)
}

async fn revoke_references(aws: &Aws, id: &str, from: &str) -> Result<(), Error> {
    let rules = security_groups::rules(aws, id, vec![tags::filter("group-id", from)]).await?;
    for egress in [false, true] {
        let refer = rules.iter().filter(|rule| {
            let peer = rule.referenced_group_info().and_then(|group| group.group_id());
            peer == Some(id) && rule.is_egress() == Some(egress)
        });
        let ids = refer.filter_map(|rule| rule.security_group_rule_id().map(str::to_owned)).collect();
        security_groups::revoke(aws, id, from, egress, ids).await?;
    }
    Ok(())
}
