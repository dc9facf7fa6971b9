//! Laying the user's values over the stack's.

use serde_json::Value;

/// Lays `over` over `under`, mapping by mapping. Lists are replaced, as Helm does it.
pub(in crate::desired) fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}
