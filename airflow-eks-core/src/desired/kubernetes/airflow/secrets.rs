//! Secrets of a release. Each is made once and only referred to, so no render can change it.

use super::super::secrets::{SecretTemplate, secret};
use super::{Release, database};
use crate::graph::{GeneratedSecret, KubernetesObject};

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let one = |name: &str, value: GeneratedSecret| {
        object(release, name, vec![(name, SecretTemplate::secret(value))])
    };
    let mut objects = vec![
        one("fernet-key", GeneratedSecret::FernetKey),
        object(release, "metadata", vec![("connection", database::connection(release))]),
    ];
    if release.is_3() {
        objects.push(one("api-secret-key", GeneratedSecret::ApiSecretKey));
        objects.push(one("jwt-secret", GeneratedSecret::JwtSecret));
    } else {
        objects.push(one("webserver-secret-key", GeneratedSecret::WebserverSecretKey));
    }
    if release.spec.admin_user.create {
        let password = SecretTemplate::secret(GeneratedSecret::AdminPassword);
        objects.push(object(release, "admin-user", vec![("password", password)]));
    }
    objects
}

/// A secret of the release.
pub(super) fn object(
    release: Release<'_>,
    name: &str,
    entries: Vec<(&str, SecretTemplate)>,
) -> KubernetesObject {
    secret(release.stack, release.namespace(), &release.named(name), "secrets", entries)
}
