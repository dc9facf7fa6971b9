//! The scheduler.

use k8s_openapi::api::core::v1::Container;

use super::configuration::pod_template_path;
use super::container::{self, mount};
use super::workload::{AIRFLOW_USER, Pods, Replacement, deployment, disruption_budget};
use super::{Component, Release, config_map, git_sync, probes, resources};
use crate::graph::KubernetesObject;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::Scheduler;
    let settings = &release.spec.scheduler;
    let (liveness, startup) = probes::scheduler();
    let mut main = Container {
        liveness_probe: Some(liveness),
        startup_probe: Some(startup),
        resources: Some(resources::of(component, &settings.pods)),
        ..container::airflow(release, component, "scheduler", &["airflow", "scheduler"], &settings.env)
    };
    main.volume_mounts.get_or_insert_default().push(mount(
        "config",
        &pod_template_path(),
        Some(config_map::POD_TEMPLATE),
    ));
    let pods = Pods {
        component,
        settings: &settings.pods,
        user: AIRFLOW_USER,
        grace_seconds: 30,
        annotations: container::checksums(&[("airflow-config", config_map::object(release))]),
        init_containers: init_containers(release, component),
        containers: vec![main],
        volumes: container::volumes(release, component),
    };
    vec![
        deployment(release, pods, settings.replicas.unwrap_or(2), Replacement::Default),
        disruption_budget(release, component),
    ]
}

/// What runs before a component that uses the database: the DAGs where it reads them, and the wait for migrations.
pub(super) fn init_containers(release: Release<'_>, component: Component) -> Vec<Container> {
    let mut containers = git_sync::init_containers(release, component);
    containers.push(container::wait_for_migrations(release));
    containers
}
