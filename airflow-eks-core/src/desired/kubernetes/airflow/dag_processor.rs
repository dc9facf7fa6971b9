//! The DAG processor: parses DAGs apart from the scheduler.

use k8s_openapi::api::core::v1::Container;

use super::workload::{AIRFLOW_USER, Pods, Replacement, deployment, disruption_budget};
use super::{Component, Release, config_map, container, probes, resources, scheduler};
use crate::graph::KubernetesObject;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::DagProcessor;
    let Some(settings) = release.spec.dag_processor() else { return Vec::new() };
    let main = Container {
        liveness_probe: Some(probes::job("DagProcessorJob")),
        resources: Some(resources::of(component, &settings.pods)),
        ..container::airflow(
            release,
            component,
            "dag-processor",
            &["airflow", "dag-processor"],
            &settings.env,
        )
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
        disruption_budget(release, component),
    ]
}
