//! Field by field: where two values differ.

use serde_json::Value;

/// One field that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) path: Vec<Step>,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The entry of a map.
    Key(String),
    /// The item of a list that has this name.
    Named(String),
}

/// Where `after` differs from `before`. Lists whose items all have names are compared item by item; others are one field.
pub(super) fn between(before: &Value, after: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    compare(&mut Vec::new(), Some(before), Some(after), &mut found);
    found
}

fn compare(path: &mut Vec<Step>, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Field>) {
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                path.push(Step::Key(key.clone()));
                compare(path, before.get(key), after.get(key), found);
                path.pop();
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if has_names(old) && has_names(new) => {
            let mut names: Vec<&str> = old.iter().chain(new).filter_map(name).collect();
            names.sort_unstable();
            names.dedup();
            for wanted in names {
                let item = |items: &'_ [Value]| items.iter().position(|item| name(item) == Some(wanted));
                path.push(Step::Named(wanted.to_owned()));
                compare(
                    path,
                    item(old).and_then(|at| old.get(at)),
                    item(new).and_then(|at| new.get(at)),
                    found,
                );
                path.pop();
            }
        }
        (before, after) if !is_same(before, after) => {
            found.push(Field { path: path.clone(), before: before.cloned(), after: after.cloned() });
        }
        _ => {}
    }
}

fn name(item: &Value) -> Option<&str> {
    item.get("name").and_then(Value::as_str)
}

fn has_names(items: &[Value]) -> bool {
    items.iter().all(|item| name(item).is_some())
}

/// Whether two values are the same. Numbers have gone through Go, which keeps no difference between `1` and `1.0`.
pub(super) fn is_same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(Some(one), Some(other)))
        }
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            one.len() == other.len() && one.iter().all(|(key, value)| is_same(Some(value), other.get(key)))
        }
        (one, other) => one == other,
    }
}

/// Whether everything that is said is so. What is not said is not compared.
pub(super) fn is_so(said: &Value, live: Option<&Value>) -> bool {
    match (said, live) {
        (Value::Null, None) => true,
        (Value::Object(said), Some(Value::Object(live))) => {
            said.iter().all(|(key, value)| is_so(value, live.get(key)))
        }
        (Value::Array(said), Some(Value::Array(live))) => {
            said.len() == live.len() && said.iter().zip(live).all(|(said, live)| is_so(said, Some(live)))
        }
        (said, live) => is_same(Some(said), live),
    }
}

/// The fields that are said and are not so.
pub(super) fn not_so(said: &Value, live: &Value) -> Vec<Field> {
    between(live, said)
        .into_iter()
        .filter(|field| field.after.as_ref().is_some_and(|said| !is_so(said, field.before.as_ref())))
        .collect()
}

/// A path as people read it, such as `spec.template.spec.containers[name=controller].image`.
pub(super) fn shown(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if key.contains(['.', '[', '"', '/']) => text.push_str(&format!("[{key:?}]")),
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.push_str(&format!(".{key}")),
            Step::Named(name) => text.push_str(&format!("[name={name}]")),
        }
    }
    text
}

/// Whether a tree of `managedFields` holds a field, or one inside of it.
pub(super) fn is_kept_in(tree: &Value, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else { return true };
    let Value::Object(entries) = tree else { return false };
    if rest.is_empty() && entries.keys().all(|key| key == ".") && !entries.is_empty() {
        return false;
    }
    entries.iter().any(|(key, below)| {
        let is_this = match step {
            Step::Key(name) => key.strip_prefix("f:") == Some(name),
            Step::Named(name) => key.strip_prefix("k:").is_some_and(|merge_key| {
                let merge_key: Value = serde_json::from_str(merge_key).unwrap_or_default();
                merge_key.get("name").and_then(Value::as_str) == Some(name)
            }),
        };
        is_this && is_kept_in(below, rest)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_named_as_people_read_them() {
        let before = json!({ "spec": { "replicas": 1, "containers": [{ "name": "a", "image": "x" }] }, "labels": { "a.b/c": "1" } });
        let after = json!({ "spec": { "replicas": 1.0, "containers": [{ "name": "a", "image": "y" }, { "name": "b" }] } });
        let found: Vec<_> = between(&before, &after).iter().map(|field| shown(&field.path)).collect();
        assert_eq!(found, ["labels", "spec.containers[name=a].image", "spec.containers[name=b]"]);
        assert_eq!(shown(&[Step::Key("labels".into()), Step::Key("a.b/c".into())]), "labels[\"a.b/c\"]");
    }

    #[test]
    fn only_what_is_said_is_compared() {
        let live = json!({ "a": 1, "b": { "c": [{ "d": 1, "e": 2 }] } });
        assert!(is_so(&json!({ "b": { "c": [{ "d": 1 }] }, "n": null }), Some(&live)));
        assert!(!is_so(&json!({ "b": { "c": [] } }), Some(&live)));
        assert!(!is_so(&json!({ "z": 1 }), Some(&live)));
    }

    #[test]
    fn the_keeper_of_a_field_is_found() {
        let tree =
            json!({ "f:spec": { "f:containers": { "k:{\"name\":\"a\"}": { ".": {}, "f:image": {} } } } });
        let path = |last: &str| {
            vec![
                Step::Key("spec".into()),
                Step::Key("containers".into()),
                Step::Named("a".into()),
                Step::Key(last.into()),
            ]
        };
        assert!(is_kept_in(&tree, &path("image")));
        assert!(!is_kept_in(&tree, &path("args")));
    }
}
