//! A secret in Secrets Manager.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A secret in Secrets Manager. Gives `arn`. Its value is made with it, once, and is never part of the graph.
/// See <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Which secret it is, by [`GeneratedSecret::name`](crate::graph::GeneratedSecret::name): it decides how its value is
    /// made.
    pub generated: String,
}

impl Kind for Secret {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("name", Effect::Blocked("the secret would be made again")), ("generated", Effect::Initial)];
}
