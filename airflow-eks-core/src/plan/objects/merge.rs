//! What an object would be, computed without the server.

use serde_json::{Map, Value};

use super::managers::{self, Manager, is_key_of};
use super::path;

/// What `live` would be once `wanted` is applied, as far as that can be told without the server: it fills in no defaults and
/// knows the lists of other people's kinds only by their looks.
#[must_use]
pub fn merged(wanted: &Value, live: &Value) -> Value {
    let ours = managers::of(live).find(Manager::is_ours);
    merge("", wanted, Some(live), ours.map(|ours| ours.fields))
}

fn merge(name: &str, wanted: &Value, live: Option<&Value>, ours: Option<&Value>) -> Value {
    let ours = ours.and_then(Value::as_object);
    match (wanted, live) {
        (Value::Object(wanted), live) => {
            let live = live.and_then(Value::as_object);
            Value::Object(objects(wanted, live, ours))
        }
        (Value::Array(wanted), Some(Value::Array(live))) => {
            let all: Vec<&Value> = wanted.iter().chain(live).collect();
            match path::keys(name, &all) {
                Some(keys) => Value::Array(lists(keys, wanted, live, ours)),
                None => Value::from(wanted.as_slice()),
            }
        }
        _ => wanted.clone(),
    }
}

fn objects(
    wanted: &Map<String, Value>,
    live: Option<&Map<String, Value>>,
    ours: Option<&Map<String, Value>>,
) -> Map<String, Value> {
    let field = |name: &str| ours.and_then(|ours| ours.get(&format!("f:{name}")));
    let mut merged: Map<String, Value> = live
        .into_iter()
        .flatten()
        .filter(|(name, _)| wanted.contains_key(*name) || field(name).is_none())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in wanted {
        let live = live.and_then(|live| live.get(name));
        merged.insert(name.clone(), merge(name, value, live, field(name)));
    }
    merged
}

fn lists(keys: &[&str], wanted: &[Value], live: &[Value], ours: Option<&Map<String, Value>>) -> Vec<Value> {
    let same = |one: &Value, other: &Value| path::key(one, keys) == path::key(other, keys);
    let field = |item: &Value| {
        let item = path::key(item, keys)?;
        ours?.iter().find(|(name, _)| is_key_of(name, &item)).map(|(_, fields)| fields)
    };
    let kept = live.iter().filter_map(|item| match wanted.iter().find(|wanted| same(wanted, item)) {
        Some(wanted) => Some(merge("", wanted, Some(item), field(item))),
        None => field(item).is_none().then(|| item.clone()),
    });
    let added = wanted.iter().filter(|wanted| !live.iter().any(|item| same(wanted, item))).cloned();
    kept.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_stack_no_longer_says_goes_and_what_others_say_stays() {
        let live = json!({ "metadata": { "labels": { "ours": "1", "gone": "1", "theirs": "1" },
            "managedFields": [{ "manager": "airflow-eks", "operation": "Apply",
                "fieldsV1": { "f:metadata": { "f:labels": { "f:ours": {}, "f:gone": {} } } } }] } });
        let after = merged(&json!({ "metadata": { "labels": { "ours": "2" } } }), &live);
        assert_eq!(after["metadata"]["labels"], json!({ "ours": "2", "theirs": "1" }));
    }

    #[test]
    fn items_are_merged_by_what_tells_them_apart() {
        let live = json!({ "containers": [{ "name": "a", "image": "1", "pull": "Always" }, { "name": "injected" }] });
        let after = merged(&json!({ "containers": [{ "name": "a", "image": "2" }, { "name": "b" }] }), &live);
        let expected =
            json!([{ "name": "a", "image": "2", "pull": "Always" }, { "name": "injected" }, { "name": "b" }]);
        assert_eq!(after["containers"], expected);
    }
}
