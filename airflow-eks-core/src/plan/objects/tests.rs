use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::graph::{GeneratedSecret, KubernetesObject, Late, Output};
use crate::plan::After;

fn object(body: Value) -> KubernetesObject {
    let mut whole =
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a", "namespace": "b" } });
    for (key, value) in body.as_object().unwrap() {
        whole[key] = value.clone();
    }
    KubernetesObject::from_value(whole).unwrap()
}

fn lines(difference: &Difference) -> Vec<String> {
    let line = |change: &crate::plan::FieldChange| {
        let before = change.before.as_ref().map_or("nothing".to_owned(), Value::to_string);
        let after = match &change.after {
            After::Known(value) => value.to_string(),
            After::KnownAfterApply => "?".to_owned(),
            After::Absent => "nothing".to_owned(),
        };
        let by = change.changed_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        format!("{}: {before} -> {after}{by}", change.path)
    };
    difference.changes.iter().map(line).collect()
}

#[test]
fn changes_are_shown_field_by_field() {
    let live = json!({ "metadata": { "uid": "1", "resourceVersion": "1", "labels": { "x": "hand", "old": "1" },
            "managedFields": [{ "manager": "kubectl-edit", "operation": "Update",
                "fieldsV1": { "f:metadata": { "f:labels": { "f:x": {} } } } }] },
        "spec": { "containers": [{ "name": "c", "image": "1" }], "args": ["a"] }, "status": { "a": 1 } });
    let after = json!({ "metadata": { "uid": "2", "resourceVersion": "2", "labels": { "x": "ours" } },
        "spec": { "containers": [{ "name": "c", "image": "2" }, { "name": "d", "image": "3" }], "args": ["a", "b"] } });
    let found = difference(&object(json!({})), &BTreeSet::new(), &live, &after);
    assert_eq!(
        lines(&found),
        [
            "metadata.labels.old: \"1\" -> nothing",
            "metadata.labels.x: \"hand\" -> \"ours\" by kubectl-edit",
            "spec.args: [\"a\"] -> [\"a\",\"b\"]",
            "spec.containers[name=c].image: \"1\" -> \"2\"",
            "spec.containers[name=d].image: nothing -> \"3\"",
            "spec.containers[name=d].name: nothing -> \"d\"",
        ]
    );
    assert!(found.conflicts.is_empty(), "what was changed by hand is drift");
}

#[test]
fn what_another_tool_keeps_is_a_conflict() {
    let live = json!({ "data": { "k": "theirs" }, "metadata": { "managedFields": [
        { "manager": "argocd-controller", "operation": "Apply", "fieldsV1": { "f:data": { "f:k": {} } } }] } });
    let after = json!({ "data": { "k": "ours" }, "metadata": {} });
    let found = difference(&object(json!({})), &BTreeSet::new(), &live, &after);
    let conflict = found.conflicts.first().unwrap();
    assert_eq!((conflict.path.as_str(), conflict.manager.as_str()), ("data.k", "argocd-controller"));
}

#[test]
fn late_values_are_known_afterwards_and_secrets_are_never_shown() {
    let endpoint = Late::Output(Output::DatabaseEndpoint);
    let password = Late::Secret(GeneratedSecret::DatabasePassword);
    let wanted =
        object(json!({ "data": { "host": endpoint.mark(), "password": password.mark(), "plain": "new" } }));
    let live = json!({ "data": { "host": "old", "password": "hunter2", "plain": "old" } });
    let after = json!({ "data": { "host": "unknown", "password": "hunter3", "plain": "new" } });
    let found = difference(&wanted, &BTreeSet::from([endpoint]), &live, &after);
    assert_eq!(
        lines(&found),
        [
            "data.host: \"old\" -> ?",
            "data.password: \"(secret)\" -> \"(secret)\"",
            "data.plain: \"old\" -> \"new\"",
        ]
    );
}

#[test]
fn nothing_of_a_secret_is_shown() {
    let wanted = object(json!({ "kind": "Secret", "stringData": { "k": "hunter2" } }));
    let live = json!({ "kind": "Secret", "data": { "k": "aHVudGVyMQ==" }, "metadata": { "annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": "hunter1" } } });
    let after = json!({ "kind": "Secret", "data": { "k": "aHVudGVyMg==" }, "metadata": {} });
    let found = difference(&wanted, &BTreeSet::new(), &live, &after);
    let all = format!(
        "{found:?} {:?} {}",
        without_secrets(&wanted, crate::plan::diff::all(&wanted.clone().into())),
        shown(&live)
    );
    for secret in ["hunter", "aHVudGVy"] {
        assert!(!all.contains(secret), "{all}");
    }
    assert_eq!(found.changes.len(), 2, "{found:?}");
}
