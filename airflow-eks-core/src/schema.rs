//! The JSON Schema of `stack.yaml`, from the same types that read it.

use serde_json::Value;

use crate::spec::StackSpec;

/// The JSON Schema of `stack.yaml`, so that an editor completes it.
///
/// ```
/// let schema = airflow_eks_core::json_schema();
/// assert_eq!(schema["required"], serde_json::json!(["name", "region"]));
/// ```
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(StackSpec).to_value();
    if let Value::Object(entries) = &mut schema {
        entries.insert("title".to_owned(), Value::String("A stack of airflow-eks".to_owned()));
    }
    schema
}
