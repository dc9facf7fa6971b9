//! A managed node group.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A managed node group.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeGroup {
    /// The cluster.
    pub cluster_name: String,
    /// Its name.
    pub nodegroup_name: String,
    /// The Kubernetes version of its nodes, such as `1.35`.
    pub version: String,
    /// The role of its nodes.
    pub node_role: String,
    /// Where its nodes lie.
    pub subnets: BTreeSet<String>,
    /// What its nodes may be, the favourite first.
    pub instance_types: Vec<String>,
    /// The image, such as `AL2023_x86_64_STANDARD`.
    pub ami_type: String,
    /// `ON_DEMAND` or `SPOT`.
    pub capacity_type: String,
    /// The fewest nodes.
    pub min_size: i32,
    /// The most nodes.
    pub max_size: i32,
    /// How many nodes to begin with: autoscalers decide afterwards.
    pub desired_size: i32,
    /// How much of it an update may take away at a time, in percent.
    pub max_unavailable_percentage: i32,
    /// Labels of its nodes.
    pub labels: BTreeMap<String, String>,
    /// Taints of its nodes.
    pub taints: BTreeSet<Taint>,
    /// The launch template.
    pub launch_template_id: String,
    /// The version of the launch template.
    pub launch_template_version: String,
}

/// A taint of nodes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
    /// `NO_SCHEDULE`, `PREFER_NO_SCHEDULE` or `NO_EXECUTE`.
    pub effect: String,
}

impl Kind for NodeGroup {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("clusterName", Effect::Replace),
        ("nodegroupName", Effect::Replace),
        ("nodeRole", Effect::Replace),
        ("subnets", Effect::Replace),
        ("instanceTypes", Effect::Replace),
        ("amiType", Effect::Replace),
        ("capacityType", Effect::Replace),
        ("launchTemplateId", Effect::Replace),
        ("desiredSize", Effect::Initial),
    ];
}
