//! kube-prometheus-stack: the Prometheus Operator, Prometheus and Grafana.
//! See <https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack>.

mod grafana;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{PersistentVolumeClaimSpec, VolumeResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use serde::Serialize;

use super::super::metadata::{STACK_LABEL, map};
use super::super::namespace::privileged_namespace;
use super::super::storage::GP3;
use super::values::{OFF, ServiceAccount, Switch};
use super::{AddonRelease, Addons, chart};
use crate::desired::Names;
use crate::graph::{Late, ObjectId, Output, ReleaseId};
use crate::spec::AddonKind;
use crate::stack::Stack;
use grafana::Grafana;

const NAME: &str = "kube-prometheus-stack";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    alertmanager: Switch,
    // EKS shows none of these to anybody.
    kube_controller_manager: Switch,
    kube_etcd: Switch,
    kube_proxy: Switch,
    kube_scheduler: Switch,
    prometheus: Prometheus,
    grafana: Grafana,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Prometheus {
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account: Option<ServiceAccount>,
    prometheus_spec: PrometheusSpec,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PrometheusSpec {
    retention: String,
    scrape_interval: &'static str,
    // It reads every monitor and rule of the cluster, and not only those that this release brings.
    pod_monitor_selector_nil_uses_helm_values: bool,
    probe_selector_nil_uses_helm_values: bool,
    rule_selector_nil_uses_helm_values: bool,
    scrape_config_selector_nil_uses_helm_values: bool,
    service_monitor_selector_nil_uses_helm_values: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    external_labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remote_write: Vec<RemoteWrite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_spec: Option<StorageSpec>,
}

/// See <https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-onboard-ingest-metrics-new-Prometheus.html>.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RemoteWrite {
    url: String,
    sigv4: Sigv4,
    queue_config: QueueConfig,
}

#[derive(Debug, Serialize)]
struct Sigv4 {
    region: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct QueueConfig {
    capacity: u32,
    max_samples_per_send: u32,
    max_shards: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StorageSpec {
    volume_claim_template: ClaimTemplate,
}

#[derive(Debug, Serialize)]
struct ClaimTemplate {
    metadata: ClaimMetadata,
    spec: PersistentVolumeClaimSpec,
}

/// The claim says whose it is, because the operator that makes it does not. It is no part of the stack's set of objects: nothing
/// in the graph wants it, so it would be pruned.
#[derive(Debug, Serialize)]
struct ClaimMetadata {
    labels: BTreeMap<String, String>,
}

/// The release, whether or not the stack has it.
pub(super) fn release_id() -> ReleaseId {
    ReleaseId::new(NAME, NAME)
}

/// Where a secret of the stack lies outside of Airflow's namespace: Grafana's, where there is Grafana.
pub(in super::super) fn secret_namespace(stack: &Stack) -> Option<&'static str> {
    let spec = stack.spec();
    let has_grafana =
        spec.addon_enabled(AddonKind::KubePrometheusStack) && spec.observability.grafana.enabled;
    has_grafana.then_some(NAME)
}

/// The stack's own class for volumes of one pod, where it makes one.
pub(super) fn own_class(stack: &Stack) -> Option<&'static str> {
    stack.spec().addon_enabled(AddonKind::EbsCsiDriver).then_some(GP3)
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::KubePrometheusStack;
    let values = Values {
        alertmanager: OFF,
        kube_controller_manager: OFF,
        kube_etcd: OFF,
        kube_proxy: OFF,
        kube_scheduler: OFF,
        prometheus: prometheus(stack),
        grafana: Grafana::of(stack),
    };
    let class = stack.spec().observability.prometheus.storage_class.as_ref();
    let class = class.map(ToString::to_string).or_else(|| own_class(stack).map(str::to_owned));
    let mut release = AddonRelease::new(stack, kind, chart::KUBE_PROMETHEUS_STACK, (NAME, NAME), &values)
        .after(ObjectId::new("storage.k8s.io", "StorageClass", None, class.as_deref().unwrap_or_default()));
    // Its agents look at their nodes.
    addons.objects.push(privileged_namespace(stack, NAME, "monitoring"));
    for object in grafana::objects(stack, NAME) {
        release = release.after(object.id.clone());
        addons.objects.push(object);
    }
    addons.releases.push(release);
}

/// Whether metrics go on to Amazon Managed Service for Prometheus.
fn is_managed(stack: &Stack) -> bool {
    stack.spec().addon_enabled(AddonKind::AmazonManagedPrometheus)
}

fn prometheus(stack: &Stack) -> Prometheus {
    let managed = is_managed(stack);
    Prometheus {
        service_account: managed
            .then(|| ServiceAccount::with_role(stack, AddonKind::AmazonManagedPrometheus)),
        prometheus_spec: PrometheusSpec {
            retention: stack.spec().observability.prometheus.retention.to_string(),
            scrape_interval: "30s",
            pod_monitor_selector_nil_uses_helm_values: false,
            probe_selector_nil_uses_helm_values: false,
            rule_selector_nil_uses_helm_values: false,
            scrape_config_selector_nil_uses_helm_values: false,
            service_monitor_selector_nil_uses_helm_values: false,
            external_labels: if managed {
                map([("cluster", Names::of(stack).cluster())])
            } else {
                BTreeMap::new()
            },
            remote_write: managed.then(|| remote_write(stack)).into_iter().collect(),
            storage_spec: storage(stack),
        },
    }
}

fn remote_write(stack: &Stack) -> RemoteWrite {
    RemoteWrite {
        // The workspace's endpoint ends with a slash.
        url: format!("{}api/v1/remote_write", Late::Output(Output::PrometheusEndpoint).mark()),
        sigv4: Sigv4 { region: stack.spec().region.to_string() },
        queue_config: QueueConfig { capacity: 2500, max_samples_per_send: 1000, max_shards: 200 },
    }
}

/// A volume, wherever there is anything that could make one.
fn storage(stack: &Stack) -> Option<StorageSpec> {
    let said = &stack.spec().observability.prometheus;
    let class = said.storage_class.as_ref().map(ToString::to_string);
    let class = class.or_else(|| own_class(stack).map(str::to_owned));
    // A cluster that was there before may have a default class.
    if class.is_none() && stack.spec().cluster.existing.is_none() {
        return None;
    }
    let size = Quantity(said.storage_size.to_string());
    let spec = PersistentVolumeClaimSpec {
        access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
        storage_class_name: class,
        resources: Some(VolumeResourceRequirements {
            requests: Some([("storage".to_owned(), size)].into()),
            ..VolumeResourceRequirements::default()
        }),
        ..PersistentVolumeClaimSpec::default()
    };
    let metadata = ClaimMetadata { labels: map([(STACK_LABEL, Names::of(stack).stack())]) };
    Some(StorageSpec { volume_claim_template: ClaimTemplate { metadata, spec } })
}
