//! Kubecost. It reads the cluster itself; the stack's Prometheus scrapes what it finds out.
//! See <https://github.com/kubecost/kubecost>.

use serde::Serialize;

use super::super::namespace::namespace;
use super::values::{OFF, Switch};
use super::{AddonRelease, Addons, chart, kube_prometheus_stack};
use crate::desired::Names;
use crate::graph::ObjectId;
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAME: &str = "kubecost";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    global: Global,
    aggregator: Aggregator,
    /// It would need a bill in Athena.
    cloud_cost: Switch,
    /// It may change the cluster, which a program that counts costs need not.
    cluster_controller: Switch,
    /// Its pods look into their nodes.
    network_costs: Switch,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Global {
    cluster_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_storage_class: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Aggregator {
    service_monitor: Switch,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let class = kube_prometheus_stack::own_class(stack);
    let scraped = stack.spec().addon_enabled(AddonKind::KubePrometheusStack);
    let values = Values {
        global: Global {
            cluster_id: Names::of(stack).cluster().to_owned(),
            default_storage_class: class.map(str::to_owned),
        },
        aggregator: Aggregator { service_monitor: Switch { enabled: scraped } },
        cloud_cost: OFF,
        cluster_controller: OFF,
        network_costs: OFF,
    };
    let release = AddonRelease::new(stack, AddonKind::Kubecost, chart::KUBECOST, (NAME, NAME), &values)
        .after(kube_prometheus_stack::release_id())
        .after(ObjectId::new("storage.k8s.io", "StorageClass", None, class.unwrap_or_default()));
    addons.objects.push(namespace(stack, NAME, NAME));
    addons.releases.push(release);
}
