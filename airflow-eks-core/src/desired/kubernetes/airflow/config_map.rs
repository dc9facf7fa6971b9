//! The release's config map: `airflow.cfg`, the template of task pods, and the host keys of the DAG repository.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::super::metadata::namespaced;
use super::{Release, configuration, git_sync, pod_template};
use crate::graph::KubernetesObject;

/// The key of the template of task pods.
pub(super) const POD_TEMPLATE: &str = "pod_template_file.yaml";

pub(super) fn object(release: Release<'_>) -> KubernetesObject {
    let mut data = BTreeMap::from([
        ("airflow.cfg".to_owned(), configuration::text(release)),
        (POD_TEMPLATE.to_owned(), pod_template::text(release)),
    ]);
    let known_hosts = release.spec.dags.git_sync.as_ref().and_then(|git_sync| git_sync.known_hosts.as_ref());
    if let Some(known_hosts) = known_hosts {
        data.insert(git_sync::KNOWN_HOSTS.to_owned(), format!("{}\n", known_hosts.trim_end()));
    }
    KubernetesObject::of(&ConfigMap {
        metadata: namespaced(release.stack, release.namespace(), &release.named("config"), "config"),
        data: Some(data),
        ..ConfigMap::default()
    })
}
