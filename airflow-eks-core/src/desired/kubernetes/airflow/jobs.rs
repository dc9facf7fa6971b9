//! Jobs: the database is migrated, then the first user is created.
//!
//! A Job cannot be changed once it exists, so its name says what it holds: another image or configuration makes another
//! Job, and the same one is never run twice.

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{Container, PodSpec};

use super::container::{checksum, wait_for_migrations};
use super::environment::{literal, secret};
use super::workload::{AIRFLOW_USER, Pods, metadata};
use super::{Component, Release, configuration, container};
use crate::graph::KubernetesObject;
use crate::spec::PodSettings;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let mut objects = vec![migration(release)];
    if release.has(Component::CreateUserJob) {
        objects.push(create_user(release));
    }
    objects
}

/// The Job that migrates the database.
pub(super) fn migration_name(release: Release<'_>) -> String {
    named(release, "run-airflow-migrations", &migration_pod(release), &configuration::text(release))
}

/// The Job that creates the first user.
pub(super) fn user_name(release: Release<'_>) -> String {
    named(release, "create-user", &user_pod(release), "")
}

fn named(release: Release<'_>, purpose: &str, containers: &[Container], beside: &str) -> String {
    let content = serde_json::to_string(containers).unwrap_or_default();
    let fingerprint = checksum(&format!("{content}{beside}"));
    release.named(&format!("{purpose}-{}", &fingerprint[..8]))
}

fn migration(release: Release<'_>) -> KubernetesObject {
    job(release, Component::MigrateDatabaseJob, &migration_name(release), migration_pod(release))
}

fn create_user(release: Release<'_>) -> KubernetesObject {
    job(release, Component::CreateUserJob, &user_name(release), user_pod(release))
}

fn migration_pod(release: Release<'_>) -> Vec<Container> {
    let unbuffered = [literal("PYTHONUNBUFFERED", "1")];
    vec![container::airflow(
        release,
        Component::MigrateDatabaseJob,
        "run-airflow-migrations",
        &["airflow", "db", "migrate"],
        &unbuffered,
    )]
}

fn user_pod(release: Release<'_>) -> Vec<Container> {
    let user = &release.spec.admin_user;
    // The command asks for the password twice. It is answered from the environment by a builtin of the shell, so that it
    // is no process's argument.
    let script = "printf '%s\\n%s\\n' \"$ADMIN_PASSWORD\" \"$ADMIN_PASSWORD\" | airflow users create --role Admin \
                  --username \"$ADMIN_USERNAME\" --email \"$ADMIN_EMAIL\" --firstname \"$ADMIN_FIRST_NAME\" \
                  --lastname \"$ADMIN_LAST_NAME\"";
    let env = [
        literal("ADMIN_USERNAME", user.username.as_str()),
        literal("ADMIN_EMAIL", user.email.as_str()),
        literal("ADMIN_FIRST_NAME", &user.first_name),
        literal("ADMIN_LAST_NAME", &user.last_name),
        secret("ADMIN_PASSWORD", &release.named("admin-user"), "password"),
    ];
    vec![container::airflow(release, Component::CreateUserJob, "create-user", &["bash", "-c", script], &env)]
}

fn job(
    release: Release<'_>,
    component: Component,
    name: &str,
    containers: Vec<Container>,
) -> KubernetesObject {
    let init_containers =
        if component == Component::CreateUserJob { vec![wait_for_migrations(release)] } else { Vec::new() };
    let pods = Pods {
        component,
        settings: &PodSettings::default(),
        user: AIRFLOW_USER,
        grace_seconds: 30,
        annotations: BTreeMap::new(),
        init_containers,
        containers,
        volumes: container::volumes(release, component),
    };
    let mut template = pods.template(release);
    if let Some(spec) = &mut template.spec {
        *spec = PodSpec { restart_policy: Some("OnFailure".to_owned()), ..spec.clone() };
    }
    KubernetesObject::of(&Job {
        metadata: metadata(release, component, name),
        spec: Some(JobSpec {
            backoff_limit: Some(6),
            active_deadline_seconds: Some(1800),
            template,
            ..JobSpec::default()
        }),
        ..Job::default()
    })
}
