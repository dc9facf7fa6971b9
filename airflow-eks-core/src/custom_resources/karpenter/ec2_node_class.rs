//! `EC2NodeClass` of `karpenter.k8s.aws/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BlockDeviceMapping, ConnectionTracking, CpuOptions, InstanceStorePolicy, KubeletConfiguration,
    MetadataOptions, NetworkInterface, PlacementGroupSelector,
};

custom_resource! {
    /// How EC2 starts the nodes of the pools that name it.
    EC2NodeClass(EC2NodeClassSpec) = "karpenter.k8s.aws" / "v1" / "ec2nodeclasses", ClusterResourceScope
}

/// How EC2 starts nodes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EC2NodeClassSpec {
    /// Which machine images, any of the terms. An alias has to be the only term.
    pub ami_selector_terms: Vec<AmiSelectorTerm>,
    /// Which subnets, any of the terms.
    pub subnet_selector_terms: Vec<SubnetSelectorTerm>,
    /// Which security groups, any of the terms.
    pub security_group_selector_terms: Vec<SecurityGroupSelectorTerm>,
    /// Form of the user data and of the default disks. Default: that of the alias; needed without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ami_family: Option<AmiFamily>,
    /// Name of the IAM role of the nodes. Excludes `instance_profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Name of the instance profile of the nodes. Excludes `role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_profile: Option<String>,
    /// What is added to the user data, in the form of the AMI family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    /// Tags of what Karpenter creates in EC2, such as instances, volumes and launch templates.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Disks. Default: those of the AMI family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block_device_mappings: Vec<BlockDeviceMapping>,
    /// What becomes of local NVMe disks. Default: they are left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_store_policy: Option<InstanceStorePolicy>,
    /// Arguments of the kubelet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubelet: Option<KubeletConfiguration>,
    /// The instance metadata service. Default: IMDSv2 only, and a hop limit of 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_options: Option<MetadataOptions>,
    /// Which capacity reservations may be used, any of the terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacity_reservation_selector_terms: Vec<CapacityReservationSelectorTerm>,
    /// Whether instances get a public IP address. Default: as the subnet says.
    #[serde(rename = "associatePublicIPAddress", skip_serializing_if = "Option::is_none")]
    pub associate_public_ip_address: Option<bool>,
    /// How many IPv4 prefixes the network interface gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_prefix_count: Option<i32>,
    /// The network interfaces, at most 150; one must be device 0 of card 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network_interfaces: Vec<NetworkInterface>,
    /// Timeouts of idle connections at the network interfaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_tracking: Option<ConnectionTracking>,
    /// The placement group of the instances.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement_group_selector: Option<PlacementGroupSelector>,
    /// Options of the processor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_options: Option<CpuOptions>,
    /// Whether EC2 measures the instances every minute, at a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detailed_monitoring: Option<bool>,
    /// Reserved by EC2 for its `CreateFleet` call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// A family of machine images, which decides the form of the user data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AmiFamily {
    /// Amazon Linux 2.
    #[serde(rename = "AL2")]
    Al2,
    /// Amazon Linux 2023.
    #[serde(rename = "AL2023")]
    Al2023,
    /// Bottlerocket.
    Bottlerocket,
    /// An image of one's own: the user data is passed on as it is.
    Custom,
    /// Windows Server 2019.
    Windows2019,
    /// Windows Server 2022.
    Windows2022,
    /// Windows Server 2025.
    Windows2025,
}

/// Machine images that have everything that is named here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmiSelectorTerm {
    /// An image of EKS as `family@version`, such as `al2023@v20240625`. Excludes every other field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Identifier, such as `ami-0123456789abcdef0`. Excludes every other field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name of the image in EC2, which is not its tag `Name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An AWS account, `self`, `amazon` or `aws-marketplace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Name or ARN of the SSM parameter that holds the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssm_parameter: Option<String>,
    /// Tags of the image; the value `*` stands for any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Subnets that have everything that is named here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubnetSelectorTerm {
    /// Identifier, such as `subnet-0123456789abcdef0`. Excludes `tags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Tags of the subnet; the value `*` stands for any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Security groups that have everything that is named here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecurityGroupSelectorTerm {
    /// Identifier, such as `sg-0123456789abcdef0`. Excludes every other field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name of the group in EC2, which is not its tag `Name`. Excludes every other field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tags of the group; the value `*` stands for any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Capacity reservations that have everything that is named here.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CapacityReservationSelectorTerm {
    /// Identifier, such as `cr-0123456789abcdef0`. Excludes every other field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which instances the reservation takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_match_criteria: Option<InstanceMatchCriteria>,
    /// AWS account that owns the reservation, 12 digits.
    #[serde(rename = "ownerID", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<String>,
    /// Tags of the reservation; the value `*` stands for any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Which instances a capacity reservation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InstanceMatchCriteria {
    /// Every one of its kind.
    Open,
    /// Only those that name it.
    Targeted,
}
