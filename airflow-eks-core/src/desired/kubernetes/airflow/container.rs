//! Containers of a release: what those with Airflow's image have in common.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMapVolumeSource, Container, EmptyDirVolumeSource, EnvVar, SecurityContext, Volume,
    VolumeMount,
};
use sha2::{Digest, Sha256};

use super::{Component, Release, dags, environment};
use crate::graph::KubernetesObject;

/// Where Airflow lives in its image.
pub(super) const AIRFLOW_HOME: &str = "/opt/airflow";

/// What every container may do: nothing beyond its user's own rights.
pub(super) fn security_context() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), ..Capabilities::default() }),
        ..SecurityContext::default()
    }
}

/// A container with Airflow's image that runs one `airflow` command.
pub(super) fn airflow(
    release: Release<'_>,
    component: Component,
    name: &str,
    command: &[&str],
    env: &[EnvVar],
) -> Container {
    Container {
        args: Some(command.iter().map(|word| (*word).to_owned()).collect()),
        ..bare(release, component, name, env)
    }
}

/// A container with Airflow's image, configuration and environment.
pub(super) fn bare(release: Release<'_>, component: Component, name: &str, env: &[EnvVar]) -> Container {
    Container {
        name: name.to_owned(),
        image: Some(release.spec.image().to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        security_context: Some(security_context()),
        env: Some(environment::variables(release, component, env)),
        volume_mounts: Some(mounts(release, component)),
        ..Container::default()
    }
}

/// Waits until the database has been migrated to what this image needs.
pub(super) fn wait_for_migrations(release: Release<'_>) -> Container {
    airflow(
        release,
        Component::MigrateDatabaseJob,
        "wait-for-airflow-migrations",
        &["airflow", "db", "check-migrations", "--migration-wait-timeout=600"],
        &[],
    )
}

/// Where a component's containers find configuration and logs, and DAGs where it reads them.
fn mounts(release: Release<'_>, component: Component) -> Vec<VolumeMount> {
    let mut mounts = vec![
        mount("config", &format!("{AIRFLOW_HOME}/airflow.cfg"), Some("airflow.cfg")),
        VolumeMount { read_only: None, ..mount("logs", &format!("{AIRFLOW_HOME}/logs"), None) },
    ];
    mounts.extend(dags::mount(release, component));
    mounts
}

/// A volume that is only read, or one file of it.
pub(super) fn mount(volume: &str, path: &str, file: Option<&str>) -> VolumeMount {
    VolumeMount {
        name: volume.to_owned(),
        mount_path: path.to_owned(),
        sub_path: file.map(str::to_owned),
        read_only: Some(true),
        ..VolumeMount::default()
    }
}

/// The volumes of a component's pods: configuration, logs until they are in S3, and DAGs where it reads them.
pub(super) fn volumes(release: Release<'_>, component: Component) -> Vec<Volume> {
    let mut volumes = vec![config_map("config", &release.named("config")), scratch("logs")];
    volumes.extend(dags::volumes(release, component));
    volumes
}

/// A volume that lives as long as its pod.
pub(super) fn scratch(name: &str) -> Volume {
    Volume { name: name.to_owned(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() }
}

/// A config map as a volume.
pub(super) fn config_map(volume: &str, name: &str) -> Volume {
    let source = ConfigMapVolumeSource { name: name.to_owned(), ..ConfigMapVolumeSource::default() };
    Volume { name: volume.to_owned(), config_map: Some(source), ..Volume::default() }
}

/// Annotations that make pods start anew when what they read at their start has changed.
pub(super) fn checksums(objects: &[(&str, KubernetesObject)]) -> BTreeMap<String, String> {
    objects
        .iter()
        .map(|(name, object)| (format!("checksum/{name}"), checksum(&object.marked().to_string())))
        .collect()
}

/// A fingerprint of a text.
pub(in super::super) fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
