//! Jobs: the database is migrated, then the first user is created.
//!
//! A Job cannot be changed once it exists, so its name says what it holds: another image or configuration makes another
//! Job, and the same one is never run twice.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, PodTemplateSpec};

use super::super::job::{a_pod_an_attempt, job};
use super::container::{checksum, wait_for_migrations};
use super::environment::{literal, secret};
use super::workload::{AIRFLOW_USER, Pods, metadata};
use super::{Component, Release, configuration, container, resources};
use crate::graph::KubernetesObject;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let mut objects = vec![job(
        metadata(release, Component::MigrateDatabaseJob, &migration_name(release)),
        migration_pod(release),
    )];
    if release.has(Component::CreateUserJob) {
        objects
            .push(job(metadata(release, Component::CreateUserJob, &user_name(release)), user_pod(release)));
    }
    objects
}

/// The Job that migrates the database. Another configuration makes another one: it may bring tables of its own.
pub(super) fn migration_name(release: Release<'_>) -> String {
    named(release, "run-airflow-migrations", &migration_pod(release), &configuration::text(release))
}

/// The Job that creates the first user.
pub(super) fn user_name(release: Release<'_>) -> String {
    named(release, "create-user", &user_pod(release), "")
}

fn named(release: Release<'_>, purpose: &str, template: &PodTemplateSpec, beside: &str) -> String {
    let content = serde_json::to_string(template).unwrap_or_default();
    let fingerprint = checksum(&format!("{content}{beside}"));
    release.named(&format!("{purpose}-{}", &fingerprint[..8]))
}

fn migration_pod(release: Release<'_>) -> PodTemplateSpec {
    let unbuffered = [literal("PYTHONUNBUFFERED", "1")];
    let main = container::airflow(
        release,
        Component::MigrateDatabaseJob,
        "run-airflow-migrations",
        &["airflow", "db", "migrate"],
        &unbuffered,
    );
    template(release, Component::MigrateDatabaseJob, Vec::new(), main)
}

fn user_pod(release: Release<'_>) -> PodTemplateSpec {
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
    let main =
        container::airflow(release, Component::CreateUserJob, "create-user", &["bash", "-c", script], &env);
    template(release, Component::CreateUserJob, vec![wait_for_migrations(release)], main)
}

fn template(
    release: Release<'_>,
    component: Component,
    init_containers: Vec<Container>,
    main: Container,
) -> PodTemplateSpec {
    let settings = &release.spec.jobs;
    let pods = Pods {
        component,
        settings,
        user: AIRFLOW_USER,
        grace_seconds: 30,
        annotations: BTreeMap::new(),
        init_containers,
        containers: vec![Container { resources: Some(resources::of(component, settings)), ..main }],
        volumes: container::volumes(release, component),
    };
    a_pod_an_attempt(pods.template(release))
}
