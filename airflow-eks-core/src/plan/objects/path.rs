//! Where a field is in a Kubernetes object.

use serde_json::{Map, Value};

/// One step from an object to a field in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// A field of an object, or an entry of a map.
    Field(String),
    /// The item of a list that has these values in the fields that tell its items apart.
    Item(Map<String, Value>),
}

/// The path as people write it, such as `spec.template.spec.containers[name=scheduler].image`.
pub(super) fn text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if name.contains(['.', '[', '"']) => text.push_str(&format!("[{name:?}]")),
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.push_str(&format!(".{name}")),
            Step::Item(keys) => {
                let keys = keys.iter().map(|(key, value)| match value {
                    Value::String(value) => format!("{key}={value}"),
                    other => format!("{key}={other}"),
                });
                text.push_str(&format!("[{}]", keys.collect::<Vec<_>>().join(",")));
            }
        }
    }
    text
}

/// The fields that tell the items of some lists apart, by the name of the list, as `x-kubernetes-list-map-keys` has them.
/// See <https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy>.
const KEYS: &[(&str, &[&str])] = &[
    ("ports", &["containerPort", "protocol"]),
    ("ports", &["port", "protocol"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
    ("ownerReferences", &["uid"]),
    ("conditions", &["type"]),
];

/// What tells an item of the list of this name apart; nothing where the list is one value.
pub(super) fn keys(list: &str, items: &[&Value]) -> Option<&'static [&'static str]> {
    let by_name: &[&str] = &["name"];
    let listed = KEYS.iter().filter(|(name, _)| *name == list).map(|(_, keys)| *keys);
    listed.chain([by_name]).find(|keys| items.iter().all(|item| key(item, keys).is_some()))
}

/// The values that tell an item apart. A port without a protocol speaks TCP.
pub(super) fn key(item: &Value, keys: &[&str]) -> Option<Map<String, Value>> {
    let item = item.as_object()?;
    keys.iter()
        .map(|key| {
            let value = match item.get(*key) {
                Some(value) if !value.is_object() && !value.is_array() => value.clone(),
                None if *key == "protocol" => Value::from("TCP"),
                _ => return None,
            };
            Some(((*key).to_owned(), value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let item = key(&json!({ "name": "scheduler", "image": "a" }), &["name"]).unwrap();
        let path = [
            Step::Field("spec".to_owned()),
            Step::Field("containers".to_owned()),
            Step::Item(item),
            Step::Field("image".to_owned()),
        ];
        assert_eq!(text(&path), "spec.containers[name=scheduler].image");
        let path = [Step::Field("metadata".to_owned()), Step::Field("a.b/c".to_owned())];
        assert_eq!(text(&path), "metadata[\"a.b/c\"]");
    }

    #[test]
    fn a_list_without_names_is_one_value() {
        assert_eq!(keys("args", &[&json!("a")]), None);
        assert_eq!(keys("tolerations", &[&json!({ "key": "a" })]), None);
        let ports = json!({ "port": 80, "name": "http" });
        assert_eq!(keys("ports", &[&ports]), Some(["port", "protocol"].as_slice()));
    }
}
