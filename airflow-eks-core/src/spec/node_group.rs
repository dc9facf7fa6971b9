//! Managed node groups.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::appends;
use crate::types::{InstanceType, KeyPairName, LabelKey, LabelName, LabelValue};

/// A managed node group: encrypted gp3 volumes, instance metadata by session tokens only.
///
/// ```
/// use airflow_eks_core::spec::NodeGroup;
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let core = NodeGroup::builder().name("core".parse()?).min_size(2).desired_size(2).build();
/// assert_eq!(core.max_size, 8);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NodeGroup {
    /// Instance types, in order of preference. The default is `m6i.xlarge`.
    #[serde(default)]
    #[builder(field)]
    pub instance_types: Vec<InstanceType>,
    /// Taints of the nodes. The default is none.
    #[serde(default)]
    #[builder(field)]
    pub taints: Vec<NodeTaint>,
    /// Its name.
    pub name: LabelName,
    /// The fewest nodes. The default is 3.
    #[serde(default = "three")]
    #[builder(default = three())]
    pub min_size: u32,
    /// The nodes to begin with; later the autoscaler decides. The default is 3.
    #[serde(default = "three")]
    #[builder(default = three())]
    pub desired_size: u32,
    /// The most nodes. The default is 8.
    #[serde(default = "eight")]
    #[builder(default = eight())]
    pub max_size: u32,
    /// On-demand or Spot. The default is `on-demand`.
    #[serde(default)]
    #[builder(default)]
    pub capacity_type: CapacityType,
    /// The machine image. The default is `al2023`, for the architecture of the instance types.
    #[serde(default)]
    #[builder(default)]
    pub ami_family: AmiFamily,
    /// The size of the root volume in GiB. The default is 100.
    #[serde(default = "hundred")]
    #[builder(default = hundred())]
    pub disk_size_gib: u32,
    /// Labels of the nodes.
    #[serde(default)]
    #[builder(default)]
    pub labels: BTreeMap<LabelKey, LabelValue>,
    /// An EC2 key pair for SSH. The default is none: nodes are reached through Systems Manager.
    pub key_pair: Option<KeyPairName>,
    /// The most nodes, in percent, that an update takes away at a time. The default is 33.
    #[serde(default = "third")]
    #[builder(default = third())]
    pub max_unavailable_percentage: u8,
}

appends!(NodeGroupBuilder in node_group_builder {
    /// Adds an instance type.
    instance_type(InstanceType) => instance_types;
    /// Adds a taint.
    taint(NodeTaint) => taints;
});

fn three() -> u32 {
    3
}

fn eight() -> u32 {
    8
}

fn hundred() -> u32 {
    100
}

fn third() -> u8 {
    33
}

/// How a node is paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CapacityType {
    /// By the hour, and kept until given back.
    #[default]
    OnDemand,
    /// Cheaper, and taken back with two minutes' notice.
    Spot,
}

impl CapacityType {
    /// The word that Karpenter labels its nodes with.
    #[must_use]
    pub fn karpenter_label(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Spot => "spot",
        }
    }
}

/// A family of machine images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AmiFamily {
    /// Amazon Linux 2023.
    #[default]
    Al2023,
    /// Bottlerocket.
    Bottlerocket,
}

/// A taint of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NodeTaint {
    /// Its key.
    pub key: LabelKey,
    /// Its value. The default is none.
    pub value: Option<LabelValue>,
    /// What it does to pods that do not tolerate it. The default is `NoSchedule`.
    #[serde(default)]
    #[builder(default)]
    pub effect: TaintEffect,
}

/// What a taint does to pods that do not tolerate it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum TaintEffect {
    /// They are not placed there.
    #[default]
    NoSchedule,
    /// They are placed there only where there is no other room.
    PreferNoSchedule,
    /// They are not placed there, and those that run are ended.
    NoExecute,
}

impl TaintEffect {
    /// The word that Kubernetes uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }
}
