//! Late values that are known from elsewhere.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::graph::{GeneratedSecret, Late, Output};

/// Late values that are known from elsewhere, as `status --output json` prints them under `outputs`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs(BTreeMap<Output, String>);

/// A text that is no set of outputs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidOutputs(String);

impl Outputs {
    /// Reads a JSON object of names and values, or a document that has one under `outputs`.
    ///
    /// # Errors
    /// Text that is no JSON object, a name that no stack has, a value that is no string, and secrets, which do not belong
    /// in a file.
    ///
    /// ```
    /// use airflow_eks_core::Outputs;
    ///
    /// let outputs = Outputs::from_json(r#"{"outputs": {"fileSystem.id": "fs-0a1b2c3d4e5f60718"}}"#);
    /// assert!(outputs.is_ok());
    /// assert!(Outputs::from_json(r#"{"fileSystem.ID": "fs-0a1b2c3d4e5f60718"}"#).is_err());
    /// ```
    pub fn from_json(text: &str) -> Result<Self, InvalidOutputs> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| InvalidOutputs(format!("is not JSON: {error}")))?;
        let entries = document.get("outputs").unwrap_or(&document);
        let Value::Object(entries) = entries else {
            return Err(InvalidOutputs("is not a JSON object of names and values".to_owned()));
        };
        let mut outputs = BTreeMap::new();
        for (name, value) in entries {
            let known = Output::ALL.iter().find(|output| output.name() == name);
            let (output, value) = match (known, value) {
                (Some(output), Value::String(value)) => (*output, value.clone()),
                (Some(_), _) => return Err(InvalidOutputs(format!("the value of `{name}` is not a string"))),
                (None, _) => return Err(InvalidOutputs(unknown(name))),
            };
            outputs.insert(output, value);
        }
        Ok(Self(outputs))
    }

    /// Every value that is known, by name: what [`Outputs::from_json`] reads.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.0
            .iter()
            .map(|(output, value)| (output.name().to_owned(), Value::String(value.clone())))
            .collect()
    }

    /// Sets one value.
    #[must_use]
    pub fn with(mut self, output: Output, value: impl Into<String>) -> Self {
        self.0.insert(output, value.into());
        self
    }

    /// A late value, where it is known; also what one AWS resource tells, where an output is just that.
    #[must_use]
    pub fn get(&self, late: &Late) -> Option<&str> {
        let found = match late {
            Late::Output(output) => self.0.get(output),
            Late::Attribute(id, attribute) => {
                let is_it = |output: &Output| {
                    output.source().is_some_and(|(of, told)| (&of, &told) == (id, attribute))
                };
                self.0.iter().find(|(output, _)| is_it(output)).map(|(_, value)| value)
            }
            Late::Secret(_) => None,
        };
        found.map(String::as_str)
    }

    /// Whether a late value is known. Secrets never are.
    #[must_use]
    pub fn knows(&self, late: &Late) -> bool {
        self.get(late).is_some()
    }

    /// The value, or a stand-in that is visibly one.
    #[must_use]
    pub fn value(&self, late: &Late) -> String {
        match late {
            Late::Secret(_) => format!("<secret: {late}>"),
            Late::Output(_) | Late::Attribute(..) => {
                self.get(late).map_or_else(|| format!("<known after apply: {late}>"), str::to_owned)
            }
        }
    }
}

fn unknown(name: &str) -> String {
    if GeneratedSecret::ALL.iter().any(|secret| secret.name() == name) {
        return format!("`{name}` is a secret, which does not belong in a file");
    }
    let names: Vec<&str> = Output::ALL.iter().map(|output| output.name()).collect();
    format!("`{name}` is not the name of an output; those are: {}", names.join(", "))
}
