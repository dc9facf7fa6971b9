//! The triggerer: runs what tasks wait for.

use k8s_openapi::api::core::v1::{Container, ContainerPort};

use super::service::{port, service};
use super::workload::{AIRFLOW_USER, Pods, Replacement, deployment, disruption_budget};
use super::{Component, Release, config_map, container, probes, resources, scheduler};
use crate::graph::KubernetesObject;

/// The port at which it serves the logs of what is running.
const LOGS_PORT: i32 = 8794;
const LOGS_PORT_NAME: &str = "triggerer-logs";

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::Triggerer;
    if !release.has(component) {
        return Vec::new();
    }
    let settings = &release.spec.triggerer;
    let main = Container {
        ports: Some(vec![ContainerPort {
            name: Some(LOGS_PORT_NAME.to_owned()),
            container_port: LOGS_PORT,
            ..ContainerPort::default()
        }]),
        liveness_probe: Some(probes::job("TriggererJob")),
        resources: Some(resources::of(component, &settings.pods)),
        ..container::airflow(release, component, "triggerer", &["airflow", "triggerer"], &settings.env)
    };
    let pods = Pods {
        component,
        settings: &settings.pods,
        user: AIRFLOW_USER,
        grace_seconds: 60,
        annotations: container::checksums(&[("airflow-config", config_map::object(release))]),
        init_containers: scheduler::init_containers(release, component),
        containers: vec![main],
        volumes: container::volumes(release, component),
    };
    vec![
        deployment(release, pods, settings.replicas.unwrap_or(1), Replacement::Default),
        service(release, component, vec![port(LOGS_PORT_NAME, LOGS_PORT, "TCP")], true),
        disruption_budget(release, component),
    ]
}
