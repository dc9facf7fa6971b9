//! Managed node groups.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html>.

use super::network::Tier;
use super::parts::{Parts, mark};
use super::{launch_template, service_linked_role};
use crate::aws_resources::{AwsKind, NodeGroup, Taint};
use crate::graph::{Attribute, AwsId};
use crate::spec::{AmiFamily, CapacityType, NodeGroup as Said, NodeTaint, TaintEffect};
use crate::validate::is_arm;

/// What a group launches where the stack does not say.
const DEFAULT_INSTANCE_TYPE: &str = "m6i.xlarge";

pub(super) fn add(parts: &mut Parts<'_>) {
    for said in &parts.spec().node_groups {
        let group = group(parts, said);
        launch_template::add(parts, said);
        let id = parts.add(said.name.as_str(), group);
        waits(parts, &id, said);
    }
}

/// Nodes become ready once they have addresses and reach the API server and the registries.
fn waits(parts: &mut Parts<'_>, id: &AwsId, said: &Said) {
    parts.wait(id, &parts.cluster());
    for addon in ["vpc-cni", "kube-proxy", super::addon::POD_IDENTITY_AGENT] {
        parts.wait(id, &AwsId::new(AwsKind::Addon, addon));
    }
    for kind in [AwsKind::RouteTable, AwsKind::SecurityGroupRules, AwsKind::VpcEndpoint] {
        parts.wait_for_all(id, kind);
    }
    if said.capacity_type == CapacityType::Spot {
        parts.wait(id, &AwsId::new(AwsKind::ServiceLinkedRole, service_linked_role::SPOT));
    }
}

fn group(parts: &Parts<'_>, said: &Said) -> NodeGroup {
    let name = said.name.as_str();
    let size = |size: u32| i32::try_from(size).unwrap_or(i32::MAX);
    let template = |attribute| mark(AwsKind::LaunchTemplate, name, attribute);
    let mut instance_types: Vec<String> = said.instance_types.iter().map(ToString::to_string).collect();
    if instance_types.is_empty() {
        instance_types.push(DEFAULT_INSTANCE_TYPE.to_owned());
    }
    NodeGroup {
        cluster_name: parts.names().cluster().to_owned(),
        nodegroup_name: name.to_owned(),
        version: parts.spec().cluster.version.to_string(),
        node_role: mark(AwsKind::Role, "node", Attribute::Arn),
        subnets: parts.subnet_ids(Tier::DataPlane),
        ami_type: ami_type(said, &instance_types).to_owned(),
        instance_types,
        capacity_type: match said.capacity_type {
            CapacityType::OnDemand => "ON_DEMAND",
            CapacityType::Spot => "SPOT",
        }
        .to_owned(),
        min_size: size(said.min_size),
        max_size: size(said.max_size),
        desired_size: size(said.desired_size),
        max_unavailable_percentage: said.max_unavailable_percentage.into(),
        labels: said.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        taints: said.taints.iter().map(taint).collect(),
        launch_template_id: template(Attribute::Id),
        launch_template_version: template(Attribute::LatestVersion),
    }
}

/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html#AmazonEKS-Type-Nodegroup-amiType>.
fn ami_type(said: &Said, instance_types: &[String]) -> &'static str {
    let arm = instance_types.iter().any(|instance_type| is_arm(instance_type));
    match (said.ami_family, arm) {
        (AmiFamily::Al2023, false) => "AL2023_x86_64_STANDARD",
        (AmiFamily::Al2023, true) => "AL2023_ARM_64_STANDARD",
        (AmiFamily::Bottlerocket, false) => "BOTTLEROCKET_x86_64",
        (AmiFamily::Bottlerocket, true) => "BOTTLEROCKET_ARM_64",
    }
}

fn taint(said: &NodeTaint) -> Taint {
    Taint {
        key: said.key.to_string(),
        value: said.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        effect: match said.effect {
            TaintEffect::NoSchedule => "NO_SCHEDULE",
            TaintEffect::PreferNoSchedule => "PREFER_NO_SCHEDULE",
            TaintEffect::NoExecute => "NO_EXECUTE",
        }
        .to_owned(),
    }
}
