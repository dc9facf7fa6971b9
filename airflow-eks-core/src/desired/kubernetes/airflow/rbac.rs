//! Rights within the release's namespace.

use k8s_openapi::api::rbac::v1::PolicyRule;

use super::super::rbac::{binding, role, rule, service_account_subject};
use super::{Component, Release};
use crate::graph::KubernetesObject;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let mut objects = pair(
        release,
        "pod-launcher",
        vec![
            rule("", &["pods"], &["create", "delete", "get", "list", "patch", "watch"]),
            rule("", &["pods/log"], &["get"]),
            rule("", &["pods/exec"], &["create", "get"]),
            rule("", &["events"], &["list", "watch"]),
        ],
        &[Component::Scheduler, Component::Worker, Component::Triggerer],
    );
    objects.extend(pair(
        release,
        "pod-log-reader",
        vec![rule("", &["pods"], &["get", "list", "watch"]), rule("", &["pods/log"], &["get", "list"])],
        &[Component::Web],
    ));
    objects
}

/// A role and its binding to some of the components.
fn pair(
    release: Release<'_>,
    name: &str,
    rules: Vec<PolicyRule>,
    components: &[Component],
) -> Vec<KubernetesObject> {
    let (stack, namespace) = (release.stack, release.namespace());
    let role_name = release.named(&format!("{name}-role"));
    let subjects = components
        .iter()
        .filter(|component| release.has(**component))
        .map(|component| service_account_subject(namespace, &release.name(*component)))
        .collect();
    vec![
        role(stack, namespace, &role_name, name, rules),
        binding(stack, namespace, &release.named(&format!("{name}-rolebinding")), name, &role_name, subjects),
    ]
}
