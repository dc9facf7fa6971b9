//! A plan as a JSON document. No secret can be in it: none has a value in core.

use serde_json::{Map, Value, json};

use super::{Action, ActionKind, After, FieldChange, Plan, Step};

impl Plan {
    /// The plan as a document. Its `version` changes when something that was there is gone or means something else.
    #[must_use]
    pub fn to_json(&self, stack: &str) -> Value {
        let counts = self.counts();
        let summary: Map<String, Value> = ActionKind::ALL
            .iter()
            .map(|kind| (kind.name().to_owned(), json!(counts.get(kind).copied().unwrap_or_default())))
            .collect();
        json!({
            "version": 1,
            "stack": stack,
            "steps": self.steps.iter().map(step).collect::<Vec<Value>>(),
            "summary": summary,
        })
    }
}

fn step(step: &Step) -> Value {
    let mut document = json!({
        "resource": step.id.to_string(),
        "kind": step.id.kind(),
        "name": step.id.name(),
        "action": step.action.kind().name(),
        "dependsOn": step.depends_on.iter().map(ToString::to_string).collect::<Vec<String>>(),
        "changes": step.action.changes().iter().map(change).collect::<Vec<Value>>(),
    });
    let mut set = |key: &str, value: Value| document[key] = value;
    if let Some(reason) = step.action.reason() {
        set("reason", json!(reason));
    }
    match &step.action {
        Action::Replace { forced_by, .. } => set("forcedBy", json!(forced_by)),
        Action::Blocked { hint: Some(hint), .. } => set("hint", json!(hint)),
        Action::Delete(owned) => set("physicalId", json!(owned.physical_id)),
        _ => {}
    }
    document
}

/// `null` is what is not there.
fn change(change: &FieldChange) -> Value {
    let (key, after) = match &change.after {
        After::Known(value) => ("after", value.clone()),
        After::KnownAfterApply => ("knownAfterApply", Value::Bool(true)),
        After::Absent => ("after", Value::Null),
    };
    let mut document = json!({ "path": change.path, "before": change.before, key: after });
    if let Some(manager) = &change.changed_by {
        document["changedBy"] = json!(manager);
    }
    document
}
