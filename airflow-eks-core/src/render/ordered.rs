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
            Value::String(text) if begins_with_tab(text) => {
                serde_saphyr::DoubleQuoted(text.as_str()).serialize(serializer)
            }
            other => other.serialize(serializer),
        }
    }
}

/// Whether a text of several lines begins with a tab: kubectl's reader would take the tab for the indentation of the block
/// that such a text is otherwise written as. Quotes change nothing in JSON.
fn begins_with_tab(text: &str) -> bool {
    text.contains('\n') && text.trim_start_matches('\n').starts_with('\t')
}
