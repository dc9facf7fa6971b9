//! git-sync: a clone of the DAG repository, kept in step.
//! See <https://github.com/kubernetes/git-sync/blob/v4.4.2/README.md#manual>.

use k8s_openapi::api::core::v1::{Container, EnvVar, KeyToPath, SecretVolumeSource, Volume, VolumeMount};

use super::super::storage::dags_claim_name;
use super::container::{config_map, security_context};
use super::dags::{self, VOLUME};
use super::environment::{literal, secret};
use super::workload::{GIT_SYNC_USER, Pods, Replacement, deployment};
use super::{Component, Release, resources};
use crate::graph::KubernetesObject;
use crate::spec::GitSync;

/// The link that always points to the newest complete clone.
pub(super) const LINK: &str = "repo";
/// The key of the host keys in the release's config map.
pub(super) const KNOWN_HOSTS: &str = "known_hosts";

/// Clones the repository once, before anything reads it.
pub(super) fn first_clone(release: Release<'_>) -> Option<Container> {
    let git_sync = own(release)?;
    let mut container = container(git_sync, "git-sync-init");
    container.env.get_or_insert_default().push(literal("GITSYNC_ONE_TIME", "true"));
    Some(container)
}

/// Keeps the clone in step: an init container that goes on running, so that it neither delays the end of a pod nor is
/// missing at its start.
pub(super) fn sidecar(release: Release<'_>) -> Option<Container> {
    let git_sync = own(release)?;
    Some(Container { restart_policy: Some("Always".to_owned()), ..container(git_sync, "git-sync") })
}

/// What a pod that reads DAGs runs before its own containers.
pub(super) fn init_containers(release: Release<'_>, component: Component) -> Vec<Container> {
    if !dags::read_by(release, component) {
        return Vec::new();
    }
    first_clone(release).into_iter().chain(sidecar(release)).collect()
}

fn own(release: Release<'_>) -> Option<&GitSync> {
    release.spec.dags.git_sync.as_ref().filter(|_| dags::cloned_in_each_pod(release))
}

/// The one pod that writes to the shared volume.
pub(super) fn writer(release: Release<'_>) -> Option<KubernetesObject> {
    let git_sync = release.spec.dags.git_sync.as_ref()?;
    let claim_name = dags_claim_name(release.stack)?;
    let mut all = vec![dags::claim(&claim_name)];
    all.extend(volumes(release));
    let pods = Pods {
        component: Component::GitSync,
        settings: &git_sync.pods,
        user: GIT_SYNC_USER,
        grace_seconds: 30,
        annotations: std::collections::BTreeMap::new(),
        init_containers: Vec::new(),
        containers: vec![container(git_sync, "git-sync")],
        volumes: all,
    };
    Some(deployment(release, pods, 1, Replacement::OneAtATime))
}

/// The volumes with keys that git-sync needs.
pub(super) fn volumes(release: Release<'_>) -> Vec<Volume> {
    let Some(git_sync) = &release.spec.dags.git_sync else { return Vec::new() };
    let mut volumes = Vec::new();
    if let Some(name) = &git_sync.ssh_key_secret {
        let item = KeyToPath { key: "gitSshKey".to_owned(), path: "ssh".to_owned(), mode: Some(0o440) };
        volumes.push(Volume {
            name: "git-ssh-key".to_owned(),
            secret: Some(SecretVolumeSource {
                secret_name: Some(name.to_string()),
                items: Some(vec![item]),
                ..SecretVolumeSource::default()
            }),
            ..Volume::default()
        });
    }
    if git_sync.known_hosts.is_some() {
        volumes.push(config_map("git-known-hosts", &release.named("config")));
    }
    volumes
}

fn container(git_sync: &GitSync, name: &str) -> Container {
    let mut context = security_context();
    context.run_as_user = Some(GIT_SYNC_USER);
    let mut mounts = vec![VolumeMount {
        name: VOLUME.to_owned(),
        mount_path: "/git".to_owned(),
        ..VolumeMount::default()
    }];
    if git_sync.ssh_key_secret.is_some() {
        mounts.push(super::container::mount("git-ssh-key", "/etc/git-secret/ssh", Some("ssh")));
    }
    if git_sync.known_hosts.is_some() {
        mounts.push(super::container::mount(
            "git-known-hosts",
            "/etc/git-secret/known_hosts",
            Some(KNOWN_HOSTS),
        ));
    }
    Container {
        name: name.to_owned(),
        image: Some(git_sync.image.to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        security_context: Some(context),
        env: Some(variables(git_sync)),
        resources: Some(resources::of(Component::GitSync, &git_sync.pods)),
        volume_mounts: Some(mounts),
        ..Container::default()
    }
}

fn variables(git_sync: &GitSync) -> Vec<EnvVar> {
    let mut variables = vec![
        literal("GITSYNC_REPO", git_sync.repository.as_str()),
        literal("GITSYNC_REF", git_sync.reference.as_str()),
        literal("GITSYNC_DEPTH", &git_sync.depth.to_string()),
        literal("GITSYNC_ROOT", "/git"),
        literal("GITSYNC_LINK", LINK),
        literal("GITSYNC_PERIOD", git_sync.period.as_str()),
        literal("GITSYNC_SYNC_TIMEOUT", git_sync.sync_timeout.as_str()),
        literal("GITSYNC_MAX_FAILURES", &git_sync.max_failures.to_string()),
        literal("GITSYNC_ADD_USER", "true"),
    ];
    if git_sync.repository.is_ssh() {
        variables.push(literal("GITSYNC_SSH_KEY_FILE", "/etc/git-secret/ssh"));
        variables.push(literal("GITSYNC_SSH_KNOWN_HOSTS", "true"));
        variables.push(literal("GITSYNC_SSH_KNOWN_HOSTS_FILE", "/etc/git-secret/known_hosts"));
    }
    if let Some(name) = &git_sync.credentials_secret {
        variables.push(secret("GITSYNC_USERNAME", name.as_str(), "username"));
        variables.push(secret("GITSYNC_PASSWORD", name.as_str(), "password"));
    }
    variables
}
