//! Namespaces.

use k8s_openapi::api::core::v1::Namespace;

use super::metadata::{cluster_wide, labelled, map};
use crate::graph::KubernetesObject;
use crate::stack::Stack;

/// A namespace whose pods must meet the baseline of the Pod Security Standards, with a warning for what falls short of
/// `restricted`. See <https://kubernetes.io/docs/concepts/security/pod-security-standards/>.
pub(super) fn namespace(stack: &Stack, name: &str, component: &str) -> KubernetesObject {
    at_levels(stack, name, component, "baseline", "restricted")
}

/// A namespace whose pods may look into their nodes, as agents that read logs and metrics there have to.
pub(super) fn privileged_namespace(stack: &Stack, name: &str, component: &str) -> KubernetesObject {
    at_levels(stack, name, component, "privileged", "privileged")
}

fn at_levels(stack: &Stack, name: &str, component: &str, enforce: &str, warn: &str) -> KubernetesObject {
    let levels =
        map([("pod-security.kubernetes.io/enforce", enforce), ("pod-security.kubernetes.io/warn", warn)]);
    KubernetesObject::of(&Namespace {
        metadata: labelled(cluster_wide(stack, name, component), levels),
        ..Namespace::default()
    })
}
