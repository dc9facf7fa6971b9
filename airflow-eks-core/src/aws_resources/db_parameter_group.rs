//! A parameter group of RDS.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A parameter group of RDS.
/// See <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DbParameterGroup {
    /// Its name.
    pub db_parameter_group_name: String,
    /// The engine and major version that it is for, such as `postgres17`.
    pub db_parameter_group_family: String,
    /// What it is for.
    pub description: String,
    /// The parameters that differ from the engine's defaults.
    pub parameters: BTreeMap<String, String>,
}

impl Kind for DbParameterGroup {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("dbParameterGroupName", Effect::Replace),
        ("dbParameterGroupFamily", Effect::Replace),
        ("description", Effect::Initial),
    ];
}
