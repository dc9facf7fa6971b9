//! A workspace of Amazon Managed Service for Prometheus.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A workspace of Amazon Managed Service for Prometheus. Gives `id`, `arn` and `endpoint`.
/// See <https://docs.aws.amazon.com/prometheus/latest/APIReference/API_CreateWorkspace.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrometheusWorkspace {
    /// Its alias.
    pub alias: String,
}

impl Kind for PrometheusWorkspace {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
