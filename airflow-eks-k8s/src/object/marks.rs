//! Whose an object is, from its labels, and what deleting it needs.

use airflow_eks_core::engine::Ownership;
use airflow_eks_core::graph::ApplySet;
use airflow_eks_core::plan::objects::maker;
use serde_json::Value;

/// The label that names the stack of an object.
pub(crate) const STACK: &str = "airflow-eks/stack";

/// Whether an object with these labels is part of the stack.
pub(super) fn is_ours(set: &ApplySet, label: impl Fn(&str) -> Option<String>) -> bool {
    match label(ApplySet::PART_OF) {
        Some(part_of) => part_of == set.id(),
        // Taken away by hand, or of something that the stack has made in another way, such as a Helm release.
        None => label(STACK).as_deref() == Some(set.stack()),
    }
}

/// Whether an object with these labels is one that the stack itself has made, not something that was made of it.
pub(super) fn is_of_set(set: &ApplySet, label: impl Fn(&str) -> Option<String>) -> bool {
    label(ApplySet::PART_OF).as_deref() == Some(set.id())
}

/// Whose an object is.
pub(super) fn ownership(set: &ApplySet, live: &Value) -> Ownership {
    let labels = live.get("metadata").and_then(|metadata| metadata.get("labels"));
    let label = |name: &str| labels?.get(name)?.as_str().map(str::to_owned);
    if is_ours(set, label) {
        return Ownership::Ours;
    }
    Ownership::NotOurs(match (label(STACK), label(ApplySet::PART_OF), maker(live)) {
        (Some(stack), _, _) => format!("it belongs to the stack `{stack}`"),
        (None, Some(other), _) => format!("it belongs to the set of objects `{other}`"),
        (None, None, Some(manager)) => format!("it was made by `{manager}`"),
        (None, None, None) => "it does not carry the marks of the stack".to_owned(),
    })
}

/// What deleting an object needs: where it is, and which one it is among all that ever had that name.
pub(super) fn physical_id(namespace: Option<&str>, name: &str, uid: &str) -> String {
    match namespace {
        Some(namespace) => format!("{namespace}/{name}#{uid}"),
        None => format!("{name}#{uid}"),
    }
}

/// The uid in a physical id.
pub(super) fn uid(physical_id: &str) -> Option<&str> {
    physical_id.rsplit_once('#').map(|(_, uid)| uid).filter(|uid| !uid.is_empty())
}
