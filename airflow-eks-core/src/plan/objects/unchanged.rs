//! Whether applying an object would certainly change nothing, without asking the server.

use serde_json::{Map, Value};

use super::managers::{self, is_key_of};

/// Whether applying `wanted` would certainly change nothing: the API server has written down that the stack applied exactly
/// these fields and no others, nobody has changed one of them since (who does takes it over), and the values are the wanted
/// ones. Where this says no, the server has to be asked.
#[must_use]
pub fn is_certainly_unchanged(wanted: &Value, live: &Value) -> bool {
    let Some(ours) = managers::of(live).find(managers::Manager::is_ours) else { return false };
    if Some(ours.api_version) != wanted.get("apiVersion").and_then(Value::as_str) {
        return false;
    }
    let (Some(wanted), Some(live), Some(fields)) =
        (wanted.as_object(), live.as_object(), ours.fields.as_object())
    else {
        return false;
    };
    entries(fields, wanted, live, &["apiVersion", "kind"])
}

fn covers(name: &str, fields: &Value, wanted: &Value, live: &Value) -> bool {
    let Some(fields) = fields.as_object() else { return false };
    if fields.keys().all(|key| key == ".") {
        return is_same(name, wanted, live);
    }
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let unnamed: &[&str] = if name == "metadata" { &["name", "namespace"] } else { &[] };
            entries(fields, wanted, live, unnamed)
        }
        (Value::Array(wanted), Value::Array(live)) => items(fields, wanted, live),
        _ => false,
    }
}

/// Whether the fields of an object are exactly those that are wanted. Those that say what it is are nobody's.
fn entries(
    fields: &Map<String, Value>,
    wanted: &Map<String, Value>,
    live: &Map<String, Value>,
    unnamed: &[&str],
) -> bool {
    let mut count = 0;
    for (name, value) in wanted.iter().filter(|(name, _)| !unnamed.contains(&name.as_str())) {
        let (Some(fields), Some(live)) = (fields.get(&format!("f:{name}")), live.get(name)) else {
            return false;
        };
        if !covers(name, fields, value, live) {
            return false;
        }
        count += 1;
    }
    count == fields.keys().filter(|key| *key != ".").count()
}

/// Whether the items of a list are exactly those that are wanted.
fn items(fields: &Map<String, Value>, wanted: &[Value], live: &[Value]) -> bool {
    let mut names: Vec<&String> = fields.keys().filter(|key| *key != ".").collect();
    for item in wanted {
        let position = names.iter().position(|name| means(name, item));
        let Some(name) = position.map(|position| names.swap_remove(position)) else { return false };
        let found = live.iter().find(|live| means(name, live));
        let (Some(live), Some(fields)) = (found, fields.get(name)) else { return false };
        if item.is_object() && !covers("", fields, item, live) {
            return false;
        }
    }
    names.is_empty()
}

fn means(name: &str, item: &Value) -> bool {
    match item {
        Value::Object(item) => is_key_of(name, item),
        item => {
            let value = name.strip_prefix("v:").and_then(|text| serde_json::from_str::<Value>(text).ok());
            value.as_ref() == Some(item)
        }
    }
}

/// Whether a value that is kept as a whole is the wanted one. The server fills a few of these in.
fn is_same(name: &str, wanted: &Value, live: &Value) -> bool {
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let filled_in = |(key, value): (&String, &Value)| {
                wanted.contains_key(key)
                    || match (name, key.as_str()) {
                        ("fieldRef", "apiVersion") => value == "v1",
                        ("resourceFieldRef", "divisor") => value == "0",
                        _ => false,
                    }
            };
            live.iter().all(filled_in)
                && wanted
                    .iter()
                    .all(|(key, value)| live.get(key).is_some_and(|live| is_same(key, value, live)))
        }
        (Value::Array(wanted), Value::Array(live)) => {
            wanted.len() == live.len()
                && wanted.iter().zip(live).all(|(wanted, live)| is_same("", wanted, live))
        }
        _ => wanted == live,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted() -> Value {
        json!({ "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": "a", "namespace": "b", "labels": { "x": "y" } },
            "spec": { "template": { "spec": { "containers": [
                { "name": "c", "image": "i", "args": ["1"], "ports": [{ "containerPort": 80 }] } ] } } } })
    }

    fn live() -> Value {
        let mut live = wanted();
        live["spec"]["replicas"] = json!(1);
        live["spec"]["template"]["spec"]["containers"][0]["ports"][0]["protocol"] = json!("TCP");
        live["metadata"]["managedFields"] = json!([{
            "manager": "airflow-eks", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": {
                "f:metadata": { "f:labels": { "f:x": {} } },
                "f:spec": { "f:template": { "f:spec": { "f:containers": { "k:{\"name\":\"c\"}": {
                    ".": {}, "f:name": {}, "f:image": {}, "f:args": {},
                    "f:ports": { "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {
                        ".": {}, "f:containerPort": {} } } } } } } } } }]);
        live
    }

    #[test]
    fn what_was_applied_and_is_as_it_was_is_unchanged() {
        assert!(is_certainly_unchanged(&wanted(), &live()));
    }

    #[test]
    fn any_other_value_field_or_keeper_is_not() {
        let mut changed = wanted();
        changed["spec"]["template"]["spec"]["containers"][0]["image"] = json!("other");
        assert!(!is_certainly_unchanged(&changed, &live()), "another value");
        let mut fewer = wanted();
        fewer["metadata"]["labels"] = json!({});
        assert!(!is_certainly_unchanged(&fewer, &live()), "a field less");
        let mut more = wanted();
        more["spec"]["replicas"] = json!(1);
        assert!(!is_certainly_unchanged(&more, &live()), "a field more");
        let mut version = wanted();
        version["apiVersion"] = json!("apps/v1beta1");
        assert!(!is_certainly_unchanged(&version, &live()), "another version");
        let mut taken = live();
        taken["metadata"]["managedFields"][0]["manager"] = json!("kubectl");
        assert!(!is_certainly_unchanged(&wanted(), &taken), "another manager");
        let mut args = wanted();
        args["spec"]["template"]["spec"]["containers"][0]["args"] = json!(["1", "2"]);
        assert!(!is_certainly_unchanged(&args, &live()), "another list");
    }
}
