//! Who keeps which field of an object, as the API server writes it down.
//! See <https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management>.

use serde_json::{Map, Value};

use super::path::Step;

/// The name under which stacks write.
pub const FIELD_MANAGER: &str = "airflow-eks";

/// Tools that keep what they wrote, though they write it as updates: they put it back when they run again.
const KEEPERS: &[&str] =
    &["argocd-application-controller", "argocd-controller", "helm", "kubectl-client-side-apply"];

/// One who has written fields of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manager<'a> {
    pub(super) name: &'a str,
    pub(super) applies: bool,
    pub(super) api_version: &'a str,
    pub(super) subresource: Option<&'a str>,
    pub(super) fields: &'a Value,
}

impl Manager<'_> {
    /// Whether it is the stack, applying.
    pub(super) fn is_ours(&self) -> bool {
        self.name == FIELD_MANAGER && self.applies && self.subresource.is_none()
    }

    /// Whether it would put its value back. Anything else has been changed once, by hand or by a controller.
    pub(super) fn keeps(&self) -> bool {
        self.applies || puts_back(self.name)
    }

    /// Whether a field is its own, or something in it.
    pub(super) fn owns(&self, path: &[Step]) -> bool {
        let mut fields = self.fields;
        for step in path {
            if fields.as_object().is_some_and(Map::is_empty) {
                return true;
            }
            let Some(inner) = inner(fields, step) else { return false };
            fields = inner;
        }
        true
    }
}

/// Everyone who has written fields of an object.
pub(super) fn of(live: &Value) -> impl Iterator<Item = Manager<'_>> {
    let entries = live.pointer("/metadata/managedFields").and_then(Value::as_array);
    entries.into_iter().flatten().filter_map(|entry| {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        Some(Manager {
            name: text("manager")?,
            applies: text("operation") == Some("Apply"),
            api_version: text("apiVersion").unwrap_or_default(),
            subresource: text("subresource"),
            fields: entry.get("fieldsV1")?,
        })
    })
}

/// Who seems to have made an object: the first who wrote it.
#[must_use]
pub fn maker(live: &Value) -> Option<&str> {
    of(live).find(|manager| manager.subresource.is_none()).map(|manager| manager.name)
}

/// Whether a tool of this name puts back what it wrote, even where it wrote that as an update.
#[must_use]
pub fn puts_back(manager: &str) -> bool {
    KEEPERS.contains(&manager)
}

/// Whether an autoscaler sets how many replicas there are. What a person scaled by hand is drift.
#[must_use]
pub fn is_scaled_by_a_controller(live: &Value) -> bool {
    let replicas = [Step::Field("spec".to_owned()), Step::Field("replicas".to_owned())];
    of(live).any(|manager| {
        manager.subresource == Some("scale") && !is_a_person(manager.name) && manager.owns(&replicas)
    })
}

/// Programs with which people change things by hand.
fn is_a_person(manager: &str) -> bool {
    manager.starts_with("kubectl") || ["k9s", "lens", "node-fetch", "OpenAPI-Generator"].contains(&manager)
}

/// What a step leads to in a set of fields.
fn inner<'a>(fields: &'a Value, step: &Step) -> Option<&'a Value> {
    let fields = fields.as_object()?;
    match step {
        Step::Field(name) => fields.get(&format!("f:{name}")),
        Step::Item(keys) => fields.iter().find(|(name, _)| is_key_of(name, keys)).map(|(_, inner)| inner),
    }
}

/// Whether the name of an item in a set of fields, such as `k:{"name":"scheduler"}`, means the item with these values.
pub(super) fn is_key_of(name: &str, item: &Map<String, Value>) -> bool {
    let Some(keys) = name.strip_prefix("k:").and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        return false;
    };
    keys.as_object().is_some_and(|keys| {
        keys.iter().all(|(key, value)| match item.get(key) {
            Some(other) => other == value,
            None => key == "protocol" && value == "TCP",
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn live(entries: Value) -> Value {
        json!({ "metadata": { "managedFields": entries } })
    }

    fn scaled_by(manager: &str) -> Value {
        live(json!([{ "manager": manager, "operation": "Update", "subresource": "scale",
            "fieldsV1": { "f:spec": { "f:replicas": {} } } }]))
    }

    #[test]
    fn autoscalers_are_told_from_people() {
        assert!(is_scaled_by_a_controller(&scaled_by("kube-controller-manager")));
        assert!(!is_scaled_by_a_controller(&scaled_by("kubectl")));
        assert!(!is_scaled_by_a_controller(&live(json!([]))));
    }

    #[test]
    fn a_field_of_a_whole_that_is_kept_is_kept() {
        let live = live(json!([{ "manager": "flux", "operation": "Apply",
            "fieldsV1": { "f:spec": { "k:{\"name\":\"a\"}": { "f:command": {} } } } }]));
        let manager = of(&live).next().unwrap();
        let path = |fields: &[&str]| -> Vec<Step> {
            let mut path = vec![
                Step::Field("spec".to_owned()),
                Step::Item(Map::from_iter([("name".to_owned(), json!("a"))])),
            ];
            path.extend(fields.iter().map(|field| Step::Field((*field).to_owned())));
            path
        };
        assert!(manager.owns(&path(&["command", "inner"])));
        assert!(manager.owns(&path(&[])));
        assert!(!manager.owns(&path(&["image"])));
    }
}
