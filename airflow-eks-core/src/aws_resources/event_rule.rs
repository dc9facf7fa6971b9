//! An EventBridge rule with its targets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// An EventBridge rule with its targets. Gives `arn`.
/// See <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRule {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which events.
    pub event_pattern: Value,
    /// Where they go: ARN by id of the target.
    pub targets: BTreeMap<String, String>,
}

impl Kind for EventRule {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("name", Effect::Replace)];
}
