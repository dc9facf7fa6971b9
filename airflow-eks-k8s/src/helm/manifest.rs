//! The objects in what a chart renders.

use std::collections::BTreeMap;
use std::fmt;

use airflow_eks_core::graph::ReleaseId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_saphyr::options::DuplicateKeyPolicy;

/// The label, and the annotations, that Helm puts on everything that a release holds.
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
pub(super) const RELEASE_NAME: &str = "meta.helm.sh/release-name";
pub(super) const RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// What makes an object the same one in two manifests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    /// As the manifest says it; nothing for the namespace of the release.
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// The objects of a manifest.
pub(super) type Objects = BTreeMap<Key, Value>;

/// The objects of a manifest, as `helm` reads it: later keys win, and lists of objects are taken apart.
pub(super) fn objects(manifest: &str) -> Result<Objects, String> {
    let mut found = Objects::new();
    for document in documents(manifest)? {
        match document.get("items") {
            Some(Value::Array(items))
                if text(&document, "/kind").is_some_and(|kind| kind.ends_with("List")) =>
            {
                items.iter().for_each(|item| insert(&mut found, item.clone()));
            }
            _ => insert(&mut found, document),
        }
    }
    Ok(found)
}

/// The documents of a text, those with nothing in them left out.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let mut options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
    // What is read comes from `helm`, which has read all of it before.
    options.budget = None;
    split(text)
        .filter(|document| {
            document.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        })
        .map(|document| {
            serde_saphyr::from_str_with_options::<Value>(document, options.clone())
                .map_err(|error| error.to_string())
        })
        .filter(|document| !matches!(document, Ok(Value::Null)))
        .collect()
}

/// At lines that begin with `---`, as Helm does before it reads any YAML.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let mut at = 0;
        for line in current.split_inclusive('\n') {
            if line.trim_end() == "---" || line.starts_with("--- ") {
                rest = current.get(at + line.len()..);
                return current.get(..at);
            }
            at += line.len();
        }
        rest = None;
        Some(current)
    })
}

fn insert(found: &mut Objects, mut object: Value) {
    encode_string_data(&mut object);
    let Some(api_version) = text(&object, "/apiVersion") else { return };
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let key = Key {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: text(&object, "/kind").unwrap_or_default().to_owned(),
        namespace: text(&object, "/metadata/namespace").map(str::to_owned),
        name: text(&object, "/metadata/name").unwrap_or_default().to_owned(),
    };
    found.insert(key, object);
}

/// Of a Secret the server keeps `data` only, and gives nothing else back.
fn encode_string_data(object: &mut Value) {
    let Value::Object(entries) = object else { return };
    if entries.get("kind").and_then(Value::as_str) != Some("Secret") {
        return;
    }
    let Some(Value::Object(texts)) = entries.remove("stringData") else { return };
    let data = entries.entry("data").or_insert(Value::Null);
    if data.is_null() {
        *data = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(data) = data {
        data.extend(texts.into_iter().filter_map(|(key, text)| {
            let encoded = STANDARD.encode(text.as_str()?);
            Some((key, Value::String(encoded)))
        }));
    }
}

/// The object with the marks that Helm puts on it before it sends it.
pub(super) fn marked(object: &Value, release: &ReleaseId) -> Value {
    let mut object = object.clone();
    let marks = [
        ("labels", MANAGED_BY, "Helm"),
        ("annotations", RELEASE_NAME, &release.name),
        ("annotations", RELEASE_NAMESPACE, &release.namespace),
    ];
    if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
        for (field, key, value) in marks {
            let entries = metadata.entry(field).or_insert_with(|| Value::Object(serde_json::Map::new()));
            if entries.is_null() {
                *entries = Value::Object(serde_json::Map::new());
            }
            if let Value::Object(entries) = entries {
                entries.insert(key.to_owned(), value.into());
            }
        }
    }
    object
}

/// Whether a live object carries the marks of a release.
pub(super) fn is_of(live: &Value, release: &ReleaseId) -> bool {
    let annotations = live.pointer("/metadata/annotations");
    let annotation = |key: &str| annotations?.get(key)?.as_str();
    annotation(RELEASE_NAME) == Some(&release.name)
        && annotation(RELEASE_NAMESPACE) == Some(&release.namespace)
}

/// Whether Helm leaves it where it is when the release goes.
pub(super) fn is_kept(object: &Value) -> bool {
    text(object, "/metadata/annotations/helm.sh~1resource-policy")
        .is_some_and(|policy| policy.trim() == "keep")
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_between_comments_and_in_lists() {
        let manifest = "---\n# Source: c/templates/a.yaml\n---\n# Source: c/b\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n  name: b\n  \
             namespace: ns\n---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n  data: {x: \"---\"}\n";
        let found = objects(manifest).unwrap();
        let names: Vec<_> = found.keys().map(ToString::to_string).collect();
        assert_eq!(names, ["ConfigMap c", "Deployment ns/b"]);
    }

    #[test]
    fn three_dashes_inside_of_a_text_are_no_end() {
        let found =
            objects("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: |\n    ---\n    y\n")
                .unwrap();
        assert_eq!(found.values().next().unwrap()["data"]["x"], "---\ny\n");
    }
}
