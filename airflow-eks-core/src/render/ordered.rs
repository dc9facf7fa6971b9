//! The order of keys: first what says which object it is, then the alphabet. It does not depend on how serde_json keeps
//! its maps, which another crate of the same program can change.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

const FIRST: &[&str] = &["apiVersion", "kind", "metadata", "name", "namespace"];

/// A value whose mappings are written in order.
pub(super) struct Ordered<'a>(pub(super) &'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Ordered)),
            Value::Object(entries) => {
                let mut keys: Vec<&String> = entries.keys().collect();
                keys.sort_by_key(|key| {
                    (FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()), *key)
                });
                let mut map = serializer.serialize_map(Some(keys.len()))?;
                for key in keys {
                    if let Some(value) = entries.get(key) {
                        map.serialize_entry(key, &Ordered(value))?;
                    }
                }
                map.end()
            }
            other => other.serialize(serializer),
        }
    }
}
