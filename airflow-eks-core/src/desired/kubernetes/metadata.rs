//! Object metadata: the only place where labels are written.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::desired::Names;
use crate::graph::ApplySet;
use crate::stack::Stack;

/// Marks what is ours: destroy and prune touch nothing without it.
pub(crate) const STACK_LABEL: &str = "airflow-eks/stack";

/// The metadata of an object of the whole cluster.
pub(crate) fn cluster_wide(stack: &Stack, name: &str, component: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        labels: Some(labels(stack, component)),
        ..ObjectMeta::default()
    }
}

/// The metadata of an object in a namespace.
pub(crate) fn namespaced(stack: &Stack, namespace: &str, name: &str, component: &str) -> ObjectMeta {
    ObjectMeta { namespace: Some(namespace.to_owned()), ..cluster_wide(stack, name, component) }
}

fn labels(stack: &Stack, component: &str) -> BTreeMap<String, String> {
    map([
        ("app.kubernetes.io/component", component),
        ("app.kubernetes.io/managed-by", "airflow-eks"),
        ("app.kubernetes.io/part-of", Names::of(stack).stack()),
        (STACK_LABEL, Names::of(stack).stack()),
        (ApplySet::PART_OF, ApplySet::of(Names::of(stack).stack()).id()),
    ])
}

/// A map of texts, written out.
pub(crate) fn map<const N: usize>(entries: [(&str, &str); N]) -> BTreeMap<String, String> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Metadata with one more annotation.
pub(crate) fn annotated(mut metadata: ObjectMeta, key: &str, value: impl Into<String>) -> ObjectMeta {
    metadata.annotations.get_or_insert_default().insert(key.to_owned(), value.into());
    metadata
}

/// Metadata with more labels.
pub(crate) fn labelled(mut metadata: ObjectMeta, labels: BTreeMap<String, String>) -> ObjectMeta {
    metadata.labels.get_or_insert_default().extend(labels);
    metadata
}
