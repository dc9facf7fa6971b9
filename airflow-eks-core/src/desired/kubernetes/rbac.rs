//! Roles and their bindings: always within one namespace, and only verbs that exist.

use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};

use super::metadata::namespaced;
use crate::graph::KubernetesObject;
use crate::stack::Stack;

const GROUP: &str = "rbac.authorization.k8s.io";

/// What may be done with some resources of one API group.
pub(super) fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> PolicyRule {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    PolicyRule {
        api_groups: Some(owned(&[group])),
        resources: Some(owned(resources)),
        verbs: owned(verbs),
        ..PolicyRule::default()
    }
}

/// A role within a namespace.
pub(super) fn role(
    stack: &Stack,
    namespace: &str,
    name: &str,
    component: &str,
    rules: Vec<PolicyRule>,
) -> KubernetesObject {
    KubernetesObject::of(&Role {
        metadata: namespaced(stack, namespace, name, component),
        rules: Some(rules),
    })
}

/// Grants a role of a namespace.
pub(super) fn binding(
    stack: &Stack,
    namespace: &str,
    name: &str,
    component: &str,
    role: &str,
    subjects: Vec<Subject>,
) -> KubernetesObject {
    KubernetesObject::of(&RoleBinding {
        metadata: namespaced(stack, namespace, name, component),
        role_ref: RoleRef { api_group: GROUP.to_owned(), kind: "Role".to_owned(), name: role.to_owned() },
        subjects: Some(subjects),
    })
}

/// A service account as the one who is granted something.
pub(super) fn service_account_subject(namespace: &str, name: &str) -> Subject {
    Subject {
        kind: "ServiceAccount".to_owned(),
        name: name.to_owned(),
        namespace: Some(namespace.to_owned()),
        ..Subject::default()
    }
}
