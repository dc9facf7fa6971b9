//! `NodePool` of `karpenter.sh/v1`.

use std::collections::BTreeMap;

use k8s_openapi::{api::core::v1::Taint, apimachinery::pkg::api::resource::Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

custom_resource! {
    /// Nodes that Karpenter may launch, and when it may take them away again.
    NodePool(NodePoolSpec) = "karpenter.sh" / "v1" / "nodepools", ClusterResourceScope
}

/// What a pool may launch.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodePoolSpec {
    /// The nodes themselves.
    pub template: NodeClaimTemplate,
    /// When nodes are replaced or removed. Default: consolidation at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disruption: Option<Disruption>,
    /// The most that all nodes together may have, such as `cpu`, `memory` and `nodes`. Default: no limit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<String, Quantity>,
    /// A fixed number of nodes. Excludes `weight` and every limit but `nodes`. Alpha upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i64>,
    /// Which pool is tried first, 1 to 100: the highest. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}

/// What every node of a pool is launched from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeClaimTemplate {
    /// Labels and annotations of the nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<NodeMetadata>,
    /// Instance types, taints and lifetime of the nodes.
    pub spec: NodeClaimTemplateSpec,
}

/// Labels and annotations of nodes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeMetadata {
    /// Annotations of the nodes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Labels of the nodes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// Instance types, taints and lifetime of nodes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeClaimTemplateSpec {
    /// How the cloud starts them.
    pub node_class_ref: NodeClassReference,
    /// Conditions on the labels of an instance type; all must hold.
    pub requirements: Vec<Requirement>,
    /// Taints of the nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taints: Vec<Taint>,
    /// Taints that something else removes soon after the start; pods need not tolerate them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub startup_taints: Vec<Taint>,
    /// Age at which a node is replaced, such as `720h` or `Never`. Default: `720h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_after: Option<String>,
    /// How long a drain may take before pods are deleted by force, such as `30m`. Default: unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_grace_period: Option<String>,
}

/// The node class of a pool.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeClassReference {
    /// API group without the version, such as `karpenter.k8s.aws`.
    pub group: String,
    /// Kind, such as `EC2NodeClass`.
    pub kind: String,
    /// Name of the object.
    pub name: String,
}

/// A condition on one label of an instance type.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Requirement {
    /// The label, such as `karpenter.sh/capacity-type`.
    pub key: String,
    /// How label and values are compared.
    pub operator: RequirementOperator,
    /// One number for the comparisons, none for the two tests of existence, else at least one value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// How many different values have to stay possible, 1 to 50. Alpha upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_values: Option<i64>,
}

/// How a label and values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum RequirementOperator {
    /// The label is one of the values.
    #[default]
    In,
    /// The label is none of the values, or absent.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
    /// The label is a greater number.
    Gt,
    /// The label is a smaller number.
    Lt,
    /// The label is that number or a greater one.
    Gte,
    /// The label is that number or a smaller one.
    Lte,
}

/// When nodes are replaced or removed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disruption {
    /// How long a node has to be left alone by pods before it is consolidated, such as `1m`, `0s` or `Never`.
    pub consolidate_after: String,
    /// Which nodes are consolidated. Default: `WhenEmptyOrUnderutilized`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consolidation_policy: Option<ConsolidationPolicy>,
    /// How many nodes may go at once; the strictest one in force counts. Default: one of `10%`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
}

/// Which nodes are consolidated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConsolidationPolicy {
    /// Only those without pods of their own.
    WhenEmpty,
    /// Also those whose pods would fit elsewhere or on a cheaper node.
    WhenEmptyOrUnderutilized,
    /// As `WhenEmptyOrUnderutilized`, where the savings are worth the disruption.
    Balanced,
}

/// How many nodes may go at once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// A number of nodes or a share of them, such as `2` or `10%`.
    pub nodes: String,
    /// What it applies to. Default: every reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<DisruptionReason>,
    /// When it comes into force: a cron expression, in UTC. Default: always; needs `duration`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// How long it stays in force, in hours and minutes such as `1h30m`. Needs `schedule`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// Why a node is replaced or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DisruptionReason {
    /// Its pods would fit elsewhere or on a cheaper node.
    Underutilized,
    /// It has no pods of its own.
    Empty,
    /// It is no longer what pool and node class describe.
    Drifted,
}
