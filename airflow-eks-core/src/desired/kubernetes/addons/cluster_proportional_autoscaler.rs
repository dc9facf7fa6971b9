//! The Cluster Proportional Autoscaler: as many pods of CoreDNS as the cluster's size asks for.
//! See <https://github.com/kubernetes-sigs/cluster-proportional-autoscaler#linear-mode>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;

use super::values::resources;
use super::{AddonRelease, Addons, KUBE_SYSTEM, chart};
use crate::spec::AddonKind;
use crate::stack::Stack;

#[derive(Debug, Serialize)]
struct Values {
    config: Config,
    options: Options,
    resources: ResourceRequirements,
}

#[derive(Debug, Serialize)]
struct Config {
    linear: Linear,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Linear {
    cores_per_replica: u32,
    nodes_per_replica: u32,
    min: u32,
    max: u32,
    /// At least two pods where there are two nodes.
    prevent_single_point_failure: bool,
    include_unschedulable_nodes: bool,
}

#[derive(Debug, Serialize)]
struct Options {
    target: &'static str,
    namespace: &'static str,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let values = Values {
        config: Config {
            linear: Linear {
                cores_per_replica: 256,
                nodes_per_replica: 16,
                min: 1,
                max: 100,
                prevent_single_point_failure: true,
                include_unschedulable_nodes: true,
            },
        },
        options: Options { target: "deployment/coredns", namespace: KUBE_SYSTEM },
        resources: resources("20m", "32Mi", Some("64Mi")),
    };
    addons.releases.push(AddonRelease::new(
        stack,
        AddonKind::ClusterProportionalAutoscaler,
        chart::CLUSTER_PROPORTIONAL_AUTOSCALER,
        (KUBE_SYSTEM, "cluster-proportional-autoscaler"),
        &values,
    ));
}
