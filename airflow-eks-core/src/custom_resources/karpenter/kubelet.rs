//! The part of an [`EC2NodeClass`](super::EC2NodeClass) that configures the kubelet.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Arguments of the kubelet. Karpenter reckons with them when it chooses instance types.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KubeletConfiguration {
    /// IP addresses of the DNS servers of the cluster. Default: found by Karpenter.
    #[serde(rename = "clusterDNS", default, skip_serializing_if = "Vec::is_empty")]
    pub cluster_dns: Vec<String>,
    /// The most pods on a node. Default: what its network interfaces have addresses for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pods: Option<i32>,
    /// The most pods for each core of a node; `max_pods` stays the upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pods_per_core: Option<i32>,
    /// Resources that are kept for Kubernetes itself, such as `cpu` and `memory`.
    // As text: what else a quantity can be written as, a bare number, is refused here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub kube_reserved: BTreeMap<String, Quantity>,
    /// Resources that are kept for the operating system.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub system_reserved: BTreeMap<String, Quantity>,
    /// By signal, such as `memory.available`: quantity or percentage below which pods are evicted at once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub eviction_hard: BTreeMap<String, String>,
    /// By signal: quantity or percentage below which pods are evicted after a grace period.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub eviction_soft: BTreeMap<String, String>,
    /// By signal of `eviction_soft`: the grace period, such as `1m30s`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub eviction_soft_grace_period: BTreeMap<String, String>,
    /// The longest termination grace period, in seconds, of a pod that is evicted by a soft threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eviction_max_pod_grace_period: Option<i32>,
    /// Use of the disk, in percent, from which unused images are always removed.
    #[serde(rename = "imageGCHighThresholdPercent", skip_serializing_if = "Option::is_none")]
    pub image_gc_high_threshold_percent: Option<i32>,
    /// Use of the disk, in percent, below which unused images are never removed.
    #[serde(rename = "imageGCLowThresholdPercent", skip_serializing_if = "Option::is_none")]
    pub image_gc_low_threshold_percent: Option<i32>,
    /// Whether CPU limits of containers are enforced by CFS quota.
    #[serde(rename = "cpuCFSQuota", skip_serializing_if = "Option::is_none")]
    pub cpu_cfs_quota: Option<bool>,
}
