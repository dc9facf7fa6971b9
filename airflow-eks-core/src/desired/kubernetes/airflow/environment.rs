//! Environment variables of Airflow's containers.

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, SecretKeySelector};

use super::container::AIRFLOW_HOME;
use super::{Component, Release, connections, database};

/// The variables of a component's containers: the release's, then its own, each of which may replace an earlier one.
///
/// Tasks are other people's code: they get no key that signs sessions or tokens.
pub(super) fn variables(release: Release<'_>, component: Component, own: &[EnvVar]) -> Vec<EnvVar> {
    let mut variables = vec![
        literal("AIRFLOW_HOME", AIRFLOW_HOME),
        secret("AIRFLOW__CORE__FERNET_KEY", &release.named("fernet-key"), "fernet-key"),
        secret("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", &release.named("metadata"), "connection"),
    ];
    variables.extend(database::ssl_mode(release).map(|mode| literal("PGSSLMODE", mode)));
    match (component, release.is_3()) {
        (Component::Worker, _) => {}
        (_, true) => {
            variables.push(secret(
                "AIRFLOW__API__SECRET_KEY",
                &release.named("api-secret-key"),
                "api-secret-key",
            ));
            variables.push(secret(
                "AIRFLOW__API_AUTH__JWT_SECRET",
                &release.named("jwt-secret"),
                "jwt-secret",
            ));
        }
        (_, false) => variables.push(secret(
            "AIRFLOW__WEBSERVER__SECRET_KEY",
            &release.named("webserver-secret-key"),
            "webserver-secret-key",
        )),
    }
    variables.extend(connections::variables(release));
    for given in release.spec.env.iter().chain(own) {
        variables.retain(|variable| variable.name != given.name);
        variables.push(given.clone());
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
