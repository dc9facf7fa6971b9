//! What Prometheus is told to scrape.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::super::metadata::labelled;
use super::workload::{metadata, selector};
use super::{Component, Release, pgbouncer, statsd};
use crate::custom_resources::prometheus::{Endpoint, ServiceMonitor, ServiceMonitorSpec};
use crate::graph::KubernetesObject;
use crate::spec::AddonKind;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let spec = release.stack.spec();
    let by_addon = spec.addon_enabled(AddonKind::KubePrometheusStack);
    if !spec.observability.service_monitors.unwrap_or(by_addon) {
        return Vec::new();
    }
    [(Component::Statsd, statsd::SCRAPE_PORT_NAME), (Component::Pgbouncer, pgbouncer::METRICS_PORT_NAME)]
        .into_iter()
        .filter(|(component, _)| release.has(*component))
        .map(|(component, port)| monitor(release, component, port))
        .collect()
}

fn monitor(release: Release<'_>, component: Component, port: &str) -> KubernetesObject {
    let chosen = &release.stack.spec().observability.service_monitor_labels;
    let chosen = chosen.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let metadata = labelled(metadata(release, component, &release.name(component)), chosen);
    KubernetesObject::of(&ServiceMonitor::new(
        metadata,
        ServiceMonitorSpec {
            selector: LabelSelector {
                match_labels: Some(selector(release, component)),
                ..LabelSelector::default()
            },
            endpoints: vec![Endpoint {
                port: Some(port.to_owned()),
                interval: Some("30s".to_owned()),
                ..Endpoint::default()
            }],
            ..ServiceMonitorSpec::default()
        },
    ))
}
