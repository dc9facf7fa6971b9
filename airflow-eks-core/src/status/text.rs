//! A status as lines for people.

use std::collections::BTreeMap;
use std::fmt;

use super::{ResourceStatus, StackStatus, State};

impl State {
    fn word(&self) -> &'static str {
        match self {
            Self::InProgress(_) => "in progress",
            Self::NotOurs(_) => "not ours",
            other => other.name(),
        }
    }
}

/// One line a resource, then what the stack tells, then how many there are of each state.
impl fmt::Display for StackStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for resource in &self.resources {
            writeln!(f, "{resource}")?;
        }
        for owned in &self.unwanted {
            writeln!(f, "{:<12} {} ({})", "unwanted", owned.id, owned.physical_id)?;
        }
        if let serde_json::Value::Object(outputs) = self.outputs.to_json() {
            for (name, value) in &outputs {
                let value = value.as_str().unwrap_or_default();
                // Certificates are for programs, which read the JSON document.
                let value = if value.len() > LONGEST {
                    format!("({} characters)", value.len())
                } else {
                    value.to_owned()
                };
                writeln!(f, "{:<12} {name} = {value}", "output")?;
            }
        }
        writeln!(f, "{}", self.summary())
    }
}

/// The most characters of a value that people are shown.
const LONGEST: usize = 200;

impl fmt::Display for ResourceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<12} {}", self.state.word(), self.id)?;
        if let Some(reason) = self.state.reason() {
            write!(f, ": {reason}")?;
        }
        match self.differences {
            0 => Ok(()),
            1 => write!(f, " (1 field differs)"),
            several => write!(f, " ({several} fields differ)"),
        }
    }
}

impl StackStatus {
    /// How many resources there are of each state, as one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for resource in &self.resources {
            *counts.entry(resource.state.word()).or_default() += 1;
        }
        if !self.unwanted.is_empty() {
            counts.insert("unwanted", self.unwanted.len());
        }
        let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        if counts.is_empty() { "No resources.".to_owned() } else { format!("{}.", counts.join(", ")) }
    }
}
