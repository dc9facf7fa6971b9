//! Field by field: where what is wanted differs from what there is.

use serde_json::Value;

use super::{After, FieldChange};
use super::{objects, same};
use crate::aws_resources::{AwsKind, Effect, Tags};
use crate::graph::{Body, late};

/// Fields that hold a JSON document, or several by name. A document is one field.
const DOCUMENTS: &[&str] = &["assumeRolePolicyDocument", "configurationValues", "eventPattern", "policy"];
const NAMED_DOCUMENTS: &str = "inlinePolicies";

/// Fields of the first level that the stack leaves out where there is to be nothing: what there is, is to go.
const LEFT_OUT_IS_NOTHING: &[(AwsKind, &str)] = &[
    (AwsKind::Addon, "configurationValues"),
    (AwsKind::Addon, "serviceAccountRoleArn"),
    (AwsKind::Cluster, "encryptionKeyArn"),
    (AwsKind::LaunchTemplate, "keyName"),
    (AwsKind::Role, "permissionsBoundary"),
];

/// Where `wanted` differs from what there is.
///
/// A field that is wanted and holds an unknown value differs from anything. A field that is not wanted, such as an add-on's
/// version where none is said, is not compared, unless it is in [`LEFT_OUT_IS_NOTHING`]; but an entry that is not wanted,
/// such as one label more, is.
pub(super) fn between(wanted: &Body, fields: &Value, tags: &Tags) -> Vec<FieldChange> {
    let kind = aws_kind(wanted);
    let mut diff = Diff { kind, changes: Vec::new() };
    let wanted_fields = wanted.fields();
    diff.compare("", &wanted_fields, Some(fields));
    diff.fields_to_remove(&wanted_fields, fields);
    diff.tags(wanted, tags);
    let compared =
        |change: &FieldChange| kind.is_none_or(|kind| kind.effect(&change.path) != Effect::Initial);
    diff.changes.retain(compared);
    diff.changes
}

/// Every field of something that is not there yet.
pub(super) fn all(wanted: &Body) -> Vec<FieldChange> {
    let kind = aws_kind(wanted);
    let mut diff = Diff { kind, changes: Vec::new() };
    diff.compare("", &wanted.fields(), None);
    diff.tags(wanted, &Tags::new());
    match wanted {
        Body::Kubernetes(object) => objects::without_secrets(object, diff.changes),
        Body::Aws(_) | Body::Helm(_) => diff.changes,
    }
}

fn aws_kind(body: &Body) -> Option<AwsKind> {
    match body {
        Body::Aws(object) => Some(object.id.kind),
        Body::Kubernetes(_) | Body::Helm(_) => None,
    }
}

struct Diff {
    kind: Option<AwsKind>,
    changes: Vec<FieldChange>,
}

impl Diff {
    fn compare(&mut self, path: &str, wanted: &Value, present: Option<&Value>) {
        match wanted {
            Value::Object(entries) if !self.is_one_field(path, wanted, present) => {
                for (key, value) in entries {
                    self.compare(&below(path, key), value, present.and_then(|present| present.get(key)));
                }
                self.entries_to_remove(path, wanted, present);
            }
            _ => self.leaf(path, wanted, present),
        }
    }

    /// Whether an object is shown and compared as a whole.
    fn is_one_field(&self, path: &str, wanted: &Value, present: Option<&Value>) -> bool {
        let is_document = self.kind.is_some()
            && (DOCUMENTS.contains(&path)
                || path.strip_prefix(NAMED_DOCUMENTS).is_some_and(|rest| rest.starts_with(['.', '['])));
        let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
        is_document || (is_empty(wanted) && !present.is_some_and(Value::is_object))
    }

    /// Objects below the first level are maps from names that someone chose: an entry that is not wanted is removed. Fields
    /// of the first level are AWS's, and one that the stack says nothing of is not its to say. Kubernetes fills in fields on
    /// every level.
    fn entries_to_remove(&mut self, path: &str, wanted: &Value, present: Option<&Value>) {
        if path.is_empty() || self.kind.is_none() {
            return;
        }
        let Some(Value::Object(present)) = present else { return };
        for (key, value) in present.iter().filter(|(key, _)| wanted.get(key.as_str()).is_none()) {
            self.changes.push(FieldChange::new(below(path, key), Some(value.clone()), After::Absent));
        }
    }

    fn fields_to_remove(&mut self, wanted: &Value, present: &Value) {
        let fields = LEFT_OUT_IS_NOTHING.iter().filter(|(kind, _)| Some(*kind) == self.kind);
        for (_, field) in fields.filter(|(_, field)| wanted.get(field).is_none()) {
            let before = present.get(field).filter(|before| !before.is_null()).cloned();
            if before.is_some() {
                self.changes.push(FieldChange::new(*field, before, After::Absent));
            }
        }
    }

    fn leaf(&mut self, path: &str, wanted: &Value, present: Option<&Value>) {
        let after = if holds_mark(wanted) {
            After::KnownAfterApply
        } else if present.is_some_and(|present| same::value(self.kind, path, wanted, present)) {
            return;
        } else {
            After::Known(wanted.clone())
        };
        self.changes.push(FieldChange::new(path, present.cloned(), after));
    }

    /// Tags that others add are left alone.
    fn tags(&mut self, wanted: &Body, present: &Tags) {
        let Body::Aws(object) = wanted else { return };
        for (key, value) in &object.tags {
            let present = present.get(key).map(|value| Value::String(value.clone()));
            self.leaf(&below("tags", key), &Value::String(value.clone()), present.as_ref());
        }
    }
}

/// The path of what `key` names in what stands at `path`. Names that others chose may hold dots.
fn below(path: &str, key: &str) -> String {
    let key = late::resolve(key, &|late| format!("<{late}>"));
    if key.contains(['.', '[', '"']) {
        format!("{path}[{key:?}]")
    } else if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

fn holds_mark(value: &Value) -> bool {
    let mut found = false;
    late::walk(value, &mut |text| found |= late::holds_mark(text));
    found
}
