//! What a Karpenter node pool begins as.
//!
//! Labels and limits are those that Spark jobs on EKS have come to rely on; instance families are of generations that
//! every large Region offers. No preset pins a zone.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Architecture, CapacityType, Consolidation, KarpenterSettings, NodeTaint, TaintEffect};
use crate::types::{GoDuration, Known, LabelKey, LabelValue, Quantity};

/// What a pool begins as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KarpenterPreset {
    /// Balanced instances of both architectures, for anything.
    #[default]
    GeneralPurpose,
    /// `c5d` instances with local disks, tainted `spark-compute-optimized`: only Spark pods that tolerate it come here.
    SparkComputeOptimized,
    /// Compute-optimized Graviton instances.
    SparkGravitonComputeOptimized,
    /// Memory-optimized instances.
    SparkMemoryOptimized,
    /// Memory-optimized Graviton instances.
    SparkGravitonMemoryOptimized,
    /// Instances with NVIDIA GPUs, tainted `nvidia.com/gpu`.
    Gpu,
}

impl KarpenterPreset {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::GeneralPurpose,
        Self::SparkComputeOptimized,
        Self::SparkGravitonComputeOptimized,
        Self::SparkMemoryOptimized,
        Self::SparkGravitonMemoryOptimized,
        Self::Gpu,
    ];

    /// The value of the label `NodeGroupType` that its nodes carry.
    #[must_use]
    pub fn node_group_type(self) -> &'static str {
        match self {
            Self::GeneralPurpose => "general-purpose",
            Self::SparkComputeOptimized => "SparkComputeOptimized",
            Self::SparkGravitonComputeOptimized => "SparkGravitonComputeOptimized",
            Self::SparkMemoryOptimized => "SparkMemoryOptimized",
            Self::SparkGravitonMemoryOptimized => "SparkGravitonMemoryOptimized",
            Self::Gpu => "GPU",
        }
    }

    /// Everything that the preset says.
    #[must_use]
    pub fn settings(self) -> KarpenterSettings {
        use Architecture::{Amd64, Arm64};
        let both = vec![Amd64, Arm64];
        match self {
            Self::GeneralPurpose => KarpenterSettings {
                instance_families: known(&["m6a", "m6g", "m6i", "m7a", "m7g", "m7i"]),
                cpu_limit: Quantity::known("1500"),
                memory_limit: Quantity::known("6000Gi"),
                weight: 5,
                consolidation: Consolidation::WhenEmptyOrUnderutilized,
                ..self.base(both)
            },
            Self::SparkComputeOptimized => KarpenterSettings {
                instance_types: known(&[
                    "c5d.large",
                    "c5d.xlarge",
                    "c5d.2xlarge",
                    "c5d.4xlarge",
                    "c5d.9xlarge",
                ]),
                taints: vec![taint("spark-compute-optimized", Some("true"))],
                cpu_limit: Quantity::known("1000"),
                memory_limit: Quantity::known("1000Gi"),
                weight: 10,
                instance_store: true,
                ..self.base(vec![Amd64])
            },
            Self::SparkGravitonComputeOptimized => KarpenterSettings {
                instance_families: known(&["c6gd", "c7gd", "c8gd"]),
                cpu_limit: Quantity::known("2000"),
                memory_limit: Quantity::known("8000Gi"),
                weight: 15,
                instance_store: true,
                ..self.base(vec![Arm64])
            },
            Self::SparkMemoryOptimized => KarpenterSettings {
                instance_families: known(&["r5d", "r6id"]),
                cpu_limit: Quantity::known("3000"),
                memory_limit: Quantity::known("12000Gi"),
                weight: 20,
                instance_store: true,
                ..self.base(vec![Amd64])
            },
            Self::SparkGravitonMemoryOptimized => KarpenterSettings {
                instance_families: known(&["r6gd", "r7gd", "r8gd", "x2gd"]),
                cpu_limit: Quantity::known("3000"),
                memory_limit: Quantity::known("12000Gi"),
                weight: 25,
                instance_store: true,
                ..self.base(vec![Arm64])
            },
            Self::Gpu => KarpenterSettings {
                instance_families: known(&["g5", "g6", "g6e"]),
                taints: vec![taint("nvidia.com/gpu", None)],
                cpu_limit: Quantity::known("500"),
                memory_limit: Quantity::known("2000Gi"),
                weight: 20,
                instance_store: true,
                ..self.base(vec![Amd64])
            },
        }
    }

    /// What the presets have in common: both capacity types, nodes given back when empty, replaced after 30 days.
    fn base(self, architectures: Vec<Architecture>) -> KarpenterSettings {
        KarpenterSettings {
            instance_families: Vec::new(),
            instance_types: Vec::new(),
            architectures,
            capacity_types: vec![CapacityType::OnDemand, CapacityType::Spot],
            labels: BTreeMap::from([(
                LabelKey::known("NodeGroupType"),
                LabelValue::known(self.node_group_type()),
            )]),
            taints: Vec::new(),
            cpu_limit: Quantity::known("1000"),
            memory_limit: Quantity::known("1000Gi"),
            weight: 10,
            consolidation: Consolidation::WhenEmpty,
            consolidate_after: GoDuration::known("30s"),
            expire_after: GoDuration::known("720h"),
            instance_store: false,
        }
    }
}

fn known<T: Known>(words: &[&'static str]) -> Vec<T> {
    words.iter().map(|word| T::known(word)).collect()
}

fn taint(key: &'static str, value: Option<&'static str>) -> NodeTaint {
    NodeTaint {
        key: LabelKey::known(key),
        value: value.map(LabelValue::known),
        effect: TaintEffect::NoSchedule,
    }
}
