//! Karpenter node pools.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AmiFamily, CapacityType, KarpenterPreset, NodeTaint, appends};
use crate::types::{AvailabilityZone, GoDuration, InstanceType, LabelKey, LabelName, LabelValue, Quantity};

/// A Karpenter node pool, with a node class of the same name.
///
/// It begins as its preset; whatever is set here replaces that part of it.
///
/// ```
/// use airflow_eks_core::spec::{CapacityType, KarpenterNodePool, KarpenterPreset};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let pool = KarpenterNodePool::builder()
///     .name("spark-compute-optimized".parse()?)
///     .preset(KarpenterPreset::SparkComputeOptimized)
///     .cpu_limit("200".parse()?)
///     .build();
/// assert_eq!(pool.settings().capacity_types, [CapacityType::OnDemand, CapacityType::Spot]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KarpenterNodePool {
    /// How much may be taken away at a time. The default is one budget of `10%`.
    #[serde(default)]
    #[builder(field)]
    pub disruption_budgets: Vec<DisruptionBudget>,
    /// Its name.
    pub name: LabelName,
    /// What it begins as. The default is `general-purpose`.
    #[serde(default)]
    #[builder(default)]
    pub preset: KarpenterPreset,
    /// Instance families to choose from, such as `c7i`.
    pub instance_families: Option<Vec<InstanceFamily>>,
    /// Instance types to choose from. Replaces the families.
    pub instance_types: Option<Vec<InstanceType>>,
    /// The fewest virtual processors of a node.
    pub min_cpu: Option<u32>,
    /// The most virtual processors of a node.
    pub max_cpu: Option<u32>,
    /// Processor architectures.
    pub architectures: Option<Vec<Architecture>>,
    /// On-demand, Spot, or both.
    pub capacity_types: Option<Vec<CapacityType>>,
    /// Zones to use. The default is every zone of the stack.
    pub zones: Option<Vec<AvailabilityZone>>,
    /// Labels of the nodes, besides the preset's.
    #[serde(default)]
    #[builder(default)]
    pub labels: BTreeMap<LabelKey, LabelValue>,
    /// Taints of the nodes. Replaces the preset's.
    pub taints: Option<Vec<NodeTaint>>,
    /// The most processors of the whole pool.
    pub cpu_limit: Option<Quantity>,
    /// The most memory of the whole pool.
    pub memory_limit: Option<Quantity>,
    /// Pools of a higher weight are tried first, 1 to 100.
    pub weight: Option<u8>,
    /// When nodes are given back.
    pub consolidation: Option<Consolidation>,
    /// After how long without a reason to stay a node is given back. `0s` gives it back at once.
    pub consolidate_after: Option<GoDuration>,
    /// After how long every node is replaced. The default is `720h`.
    pub expire_after: Option<GoDuration>,
    /// The machine image. The default is `al2023`.
    #[serde(default)]
    #[builder(default)]
    pub ami_family: AmiFamily,
    /// The release of the machine image, such as `v20251120`. The default is `latest`: new nodes get new images.
    /// See <https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms>.
    pub ami_version: Option<String>,
    /// The size of the root volume in GiB. The default is 100.
    #[serde(default = "hundred")]
    #[builder(default = hundred())]
    pub disk_size_gib: u32,
    /// Whether the instance's own disks become one RAID 0 volume for pods' scratch space.
    pub instance_store: Option<bool>,
}

appends!(KarpenterNodePoolBuilder in karpenter_node_pool_builder {
    /// Adds a disruption budget.
    disruption_budget(DisruptionBudget) => disruption_budgets;
});

fn hundred() -> u32 {
    100
}

impl KarpenterNodePool {
    /// The preset with everything that the pool says itself laid over it.
    #[must_use]
    pub fn settings(&self) -> KarpenterSettings {
        let preset = self.preset.settings();
        let mut labels = preset.labels;
        labels.extend(self.labels.clone());
        KarpenterSettings {
            instance_families: match (&self.instance_families, &self.instance_types) {
                (Some(families), _) => families.clone(),
                (None, Some(_)) => Vec::new(),
                (None, None) => preset.instance_families,
            },
            instance_types: match (&self.instance_types, &self.instance_families) {
                (Some(types), _) => types.clone(),
                (None, Some(_)) => Vec::new(),
                (None, None) => preset.instance_types,
            },
            architectures: self.architectures.clone().unwrap_or(preset.architectures),
            capacity_types: self.capacity_types.clone().unwrap_or(preset.capacity_types),
            labels,
            taints: self.taints.clone().unwrap_or(preset.taints),
            cpu_limit: self.cpu_limit.clone().unwrap_or(preset.cpu_limit),
            memory_limit: self.memory_limit.clone().unwrap_or(preset.memory_limit),
            weight: self.weight.unwrap_or(preset.weight),
            consolidation: self.consolidation.unwrap_or(preset.consolidation),
            consolidate_after: self.consolidate_after.clone().unwrap_or(preset.consolidate_after),
            expire_after: self.expire_after.clone().unwrap_or(preset.expire_after),
            instance_store: self.instance_store.unwrap_or(preset.instance_store),
        }
    }
}

/// A node pool with nothing left open.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KarpenterSettings {
    /// Instance families to choose from; empty where types are given.
    pub instance_families: Vec<InstanceFamily>,
    /// Instance types to choose from; empty where families are given.
    pub instance_types: Vec<InstanceType>,
    /// Processor architectures.
    pub architectures: Vec<Architecture>,
    /// On-demand, Spot, or both.
    pub capacity_types: Vec<CapacityType>,
    /// Labels of the nodes.
    pub labels: BTreeMap<LabelKey, LabelValue>,
    /// Taints of the nodes.
    pub taints: Vec<NodeTaint>,
    /// The most processors of the whole pool.
    pub cpu_limit: Quantity,
    /// The most memory of the whole pool.
    pub memory_limit: Quantity,
    /// Pools of a higher weight are tried first.
    pub weight: u8,
    /// When nodes are given back.
    pub consolidation: Consolidation,
    /// After how long without a reason to stay a node is given back.
    pub consolidate_after: GoDuration,
    /// After how long every node is replaced.
    pub expire_after: GoDuration,
    /// Whether the instance's own disks become one volume.
    pub instance_store: bool,
}

/// A processor architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Architecture {
    /// Intel and AMD, 64 bits.
    Amd64,
    /// Graviton.
    Arm64,
}

impl Architecture {
    /// The word that Kubernetes labels its nodes with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }
}

/// When nodes are given back.
/// See <https://karpenter.sh/docs/concepts/disruption/#consolidation>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Consolidation {
    /// When nothing but daemons runs there: Spark executors are never moved.
    WhenEmpty,
    /// Also when what runs there fits on fewer or cheaper nodes.
    WhenEmptyOrUnderutilized,
}

/// How much of a pool may be taken away at a time.
/// See <https://karpenter.sh/docs/concepts/disruption/#disruption-budgets>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DisruptionBudget {
    /// A number of nodes, or a share such as `10%`.
    #[builder(into)]
    pub nodes: String,
    /// When it begins, as a cron schedule in UTC. The default is always.
    #[builder(into)]
    pub schedule: Option<String>,
    /// How long it holds after it begins. Required with `schedule`.
    pub duration: Option<GoDuration>,
}

crate::types::text_type! {
    /// A family of EC2 instances: the part of an instance type before the dot.
    InstanceFamily, instance_family, example "c7i",
        source "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html";
}

fn instance_family(text: &str) -> Result<(), String> {
    let shape = (2..=16).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
    if shape { Ok(()) } else { Err(format!("`{}` is not a family of EC2 instances", text.escape_debug())) }
}
