//! Environment variables of Airflow's containers.

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use super::container::AIRFLOW_HOME;
use super::{Release, connections};

/// Whom a container serves, and so which secrets it may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// The release's own processes.
    Server,
    /// Tasks: other people's code, which gets no key that signs sessions or tokens.
    Task,
}

/// The variables of a container: the release's, then the component's own, each of which may replace an earlier one.
pub(super) fn variables(release: Release<'_>, audience: Audience, component: &[EnvVar]) -> Vec<EnvVar> {
    let mut variables = vec![
        literal("AIRFLOW_HOME", AIRFLOW_HOME),
        secret("AIRFLOW__CORE__FERNET_KEY", &release.named("fernet-key"), "fernet-key"),
        secret("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", &release.named("metadata"), "connection"),
    ];
    match (audience, release.is_3()) {
        (Audience::Task, _) => {}
        (Audience::Server, true) => {
            variables.push(secret("AIRFLOW__API__SECRET_KEY", &release.named("api-secret-key"), "api-secret-key"));
            variables.push(secret("AIRFLOW__API_AUTH__JWT_SECRET", &release.named("jwt-secret"), "jwt-secret"));
        }
        (Audience::Server, false) => variables.push(secret(
            "AIRFLOW__WEBSERVER__SECRET_KEY",
            &release.named("webserver-secret-key"),
            "webserver-secret-key",
        )),
    }
    variables.extend(connections::variables(release));
    for own in release.spec.env.iter().chain(component) {
        variables.retain(|variable| variable.name != own.name);
        variables.push(own.clone());
    }
    variables
}

/// A variable with a fixed value.
pub(super) fn literal(name: &str, value: &str) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.to_owned()), ..EnvVar::default() }
}

/// A variable whose value is read from a secret.
pub(super) fn secret(name: &str, secret: &str, key: &str) -> EnvVar {
    EnvVar {
        name: name.to_owned(),
        value_from: Some(EnvVarSource {
            secret_key_ref: Some(SecretKeySelector {
                name: secret.to_owned(),
                key: key.to_owned(),
                ..SecretKeySelector::default()
            }),
            ..EnvVarSource::default()
        }),
        ..EnvVar::default()
    }
}
