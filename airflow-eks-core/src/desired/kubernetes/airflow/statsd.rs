//! The StatsD exporter: Airflow's metrics for Prometheus.

use k8s_openapi::api::core::v1::{ConfigMap, Container, ContainerPort};

use super::super::metadata::{map, namespaced};
use super::container::{config_map, mount, security_context};
use super::service::{port, service};
use super::workload::{NOBODY, Pods, Replacement, deployment};
use super::{Component, Release, container, probes, resources, statsd_mappings};
use crate::graph::KubernetesObject;
use crate::render;

const INGEST_PORT: i32 = 9125;
const SCRAPE_PORT: i32 = 9102;
/// The name of the port that Prometheus reads.
pub(super) const SCRAPE_PORT_NAME: &str = "statsd-scrape";

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::Statsd;
    if !release.has(component) {
        return Vec::new();
    }
    let settings = &release.spec.statsd;
    let mappings = mappings(release);
    let main = Container {
        name: "statsd".to_owned(),
        image: Some(settings.image.to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        security_context: Some(security_context()),
        args: Some(vec!["--statsd.mapping-config=/etc/statsd-exporter/mappings.yml".to_owned()]),
        ports: Some(vec![
            container_port("statsd-ingest", INGEST_PORT, Some("UDP")),
            container_port(SCRAPE_PORT_NAME, SCRAPE_PORT, None),
        ]),
        liveness_probe: Some(probes::http("/metrics", SCRAPE_PORT)),
        readiness_probe: Some(probes::http("/metrics", SCRAPE_PORT)),
        resources: Some(resources::of(component, &settings.pods)),
        volume_mounts: Some(vec![mount("config", "/etc/statsd-exporter", None)]),
        ..Container::default()
    };
    let pods = Pods {
        component,
        settings: &settings.pods,
        user: NOBODY,
        grace_seconds: 30,
        annotations: container::checksums(&[("statsd-mappings", mappings.clone())]),
        init_containers: Vec::new(),
        containers: vec![main],
        volumes: vec![config_map("config", &release.name(component))],
    };
    let ports = vec![port("statsd-ingest", INGEST_PORT, "UDP"), port(SCRAPE_PORT_NAME, SCRAPE_PORT, "TCP")];
    vec![
        mappings,
        deployment(release, pods, 1, Replacement::Default),
        service(release, component, ports, false),
    ]
}

fn mappings(release: Release<'_>) -> KubernetesObject {
    let text = render::yaml(&statsd_mappings::mappings());
    KubernetesObject::of(&ConfigMap {
        metadata: namespaced(release.stack, release.namespace(), &release.name(Component::Statsd), "statsd"),
        data: Some(map([("mappings.yml", &text)])),
        ..ConfigMap::default()
    })
}

/// A port of a container.
pub(super) fn container_port(name: &str, number: i32, protocol: Option<&str>) -> ContainerPort {
    ContainerPort {
        name: Some(name.to_owned()),
        container_port: number,
        protocol: protocol.map(str::to_owned),
        ..ContainerPort::default()
    }
}
