//! Node classes: what Karpenter makes nodes from.
//! See <https://karpenter.sh/docs/concepts/nodeclasses/>.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::metadata::{STACK_LABEL, cluster_wide, map};
use crate::custom_resources::karpenter::{
    AmiSelectorTerm, BlockDevice, BlockDeviceMapping, EC2NodeClass, EC2NodeClassSpec, HttpTokens,
    InstanceStorePolicy, MetadataOptions, SecurityGroupSelectorTerm, SubnetSelectorTerm, Toggle, VolumeType,
};
use crate::desired::Names;
use crate::graph::KubernetesObject;
use crate::spec::{AmiFamily, KarpenterNodePool};
use crate::stack::Stack;

/// Finds the subnets and the security group that belong to nodes, and nothing else of the VPC.
const DISCOVERY: &str = "karpenter.sh/discovery";

pub(super) fn object(stack: &Stack, pool: &KarpenterNodePool) -> KubernetesObject {
    let names = Names::of(stack);
    let discovery = map([(DISCOVERY, names.node_discovery())]);
    let mut tags = map([(STACK_LABEL, names.stack()), ("Name", &format!("{}-{}", names.stack(), pool.name))]);
    tags.extend(stack.spec().tags.iter().map(|(key, value)| (key.to_string(), value.to_string())));
    let metadata = cluster_wide(stack, pool.name.as_str(), "karpenter");
    KubernetesObject::of(&EC2NodeClass::new(
        metadata,
        EC2NodeClassSpec {
            ami_selector_terms: vec![AmiSelectorTerm {
                alias: Some(alias(pool)),
                ..AmiSelectorTerm::default()
            }],
            subnet_selector_terms: subnets(stack, &discovery),
            security_group_selector_terms: security_groups(stack, discovery),
            role: Some(names.role("karpenter-node")),
            tags,
            block_device_mappings: volumes(pool),
            instance_store_policy: pool.settings().instance_store.then_some(InstanceStorePolicy::Raid0),
            metadata_options: Some(MetadataOptions {
                http_endpoint: Some(Toggle::Enabled),
                http_tokens: Some(HttpTokens::Required),
                // Containers do not get at the node's role: they have roles of their own.
                http_put_response_hop_limit: Some(1),
                http_protocol_ipv6: Some(Toggle::Disabled),
            }),
            detailed_monitoring: Some(true),
            ..EC2NodeClassSpec::default()
        },
    ))
}

fn alias(pool: &KarpenterNodePool) -> String {
    let family = match pool.ami_family {
        AmiFamily::Al2023 => "al2023",
        AmiFamily::Bottlerocket => "bottlerocket",
    };
    format!("{family}@{}", pool.ami_version.as_deref().unwrap_or("latest"))
}

/// The subnets of nodes: those of an existing VPC by id, the stack's own by their tag.
fn subnets(stack: &Stack, discovery: &std::collections::BTreeMap<String, String>) -> Vec<SubnetSelectorTerm> {
    match &stack.spec().network.existing {
        Some(existing) => existing
            .private_subnet_ids
            .iter()
            .map(|id| SubnetSelectorTerm { id: Some(id.to_string()), ..SubnetSelectorTerm::default() })
            .collect(),
        None => vec![SubnetSelectorTerm { tags: discovery.clone(), ..SubnetSelectorTerm::default() }],
    }
}

/// The group of nodes. In a cluster that was there before, the one that EKS made as well: its control plane answers to no
/// other. See <https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>.
fn security_groups(
    stack: &Stack,
    discovery: std::collections::BTreeMap<String, String>,
) -> Vec<SecurityGroupSelectorTerm> {
    let by_tags = |tags| SecurityGroupSelectorTerm { tags, ..SecurityGroupSelectorTerm::default() };
    let existing = stack.spec().cluster.existing.as_ref();
    let of_eks = existing.map(|existing| by_tags(map([("aws:eks:cluster-name", existing.name.as_str())])));
    [by_tags(discovery)].into_iter().chain(of_eks).collect()
}

/// Encrypted gp3 volumes. Bottlerocket keeps its system on the first and everything else on the second.
fn volumes(pool: &KarpenterNodePool) -> Vec<BlockDeviceMapping> {
    let volume = |device: &str, size_gib: u32| BlockDeviceMapping {
        device_name: Some(device.to_owned()),
        ebs: Some(BlockDevice {
            volume_size: Some(Quantity(format!("{size_gib}Gi"))),
            volume_type: Some(VolumeType::Gp3),
            encrypted: Some(true),
            delete_on_termination: Some(true),
            ..BlockDevice::default()
        }),
        ..BlockDeviceMapping::default()
    };
    match pool.ami_family {
        AmiFamily::Al2023 => vec![volume("/dev/xvda", pool.disk_size_gib)],
        AmiFamily::Bottlerocket => vec![volume("/dev/xvda", 4), volume("/dev/xvdb", pool.disk_size_gib)],
    }
}
