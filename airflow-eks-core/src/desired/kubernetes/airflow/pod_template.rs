//! The template of task pods. The executor adds each task's command to the container `base`.

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::metadata::map;
use super::workload::{AIRFLOW_USER, Pods, selector};
use super::{Component, Release, container, git_sync, resources};
use crate::render;

/// The template as YAML.
pub(super) fn text(release: Release<'_>) -> String {
    render::yaml(&serde_json::to_value(pod(release)).unwrap_or_default())
}

fn pod(release: Release<'_>) -> Pod {
    let workers = &release.spec.workers;
    let mut annotations = map([("cluster-autoscaler.kubernetes.io/safe-to-evict", "false")]);
    annotations.insert("karpenter.sh/do-not-disrupt".to_owned(), "true".to_owned());
    annotations.extend(workers.pods.annotations.clone());
    let mut labels = workers.pods.labels.clone();
    labels.extend(selector(release, Component::Worker));
    let base = Container {
        resources: Some(resources::of(Component::Worker, &workers.pods)),
        ..container::bare(release, Component::Worker, "base", &workers.env)
    };
    let pods = Pods {
        component: Component::Worker,
        settings: &workers.pods,
        user: AIRFLOW_USER,
        grace_seconds: i64::from(workers.termination_grace_period_seconds),
        annotations: std::collections::BTreeMap::new(),
        // A task needs the DAGs as they are when it starts; a sidecar would outlive it.
        init_containers: git_sync::first_clone(release).into_iter().collect(),
        containers: vec![base],
        volumes: container::volumes(release, Component::Worker),
    };
    Pod {
        metadata: ObjectMeta {
            name: Some("placeholder-name".to_owned()),
            annotations: Some(annotations),
            labels: Some(labels),
            ..ObjectMeta::default()
        },
        spec: Some(PodSpec { restart_policy: Some("Never".to_owned()), ..pods.spec(release) }),
        ..Pod::default()
    }
}
