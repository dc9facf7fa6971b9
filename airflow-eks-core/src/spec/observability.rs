//! Metrics and logs.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::{LabelKey, LabelValue};

/// Metrics and logs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Observability {
    /// Whether Prometheus is told to scrape Airflow and PgBouncer. The default is true where the add-on
    /// `kubePrometheusStack` is on.
    pub service_monitors: Option<bool>,
    /// Labels of the ServiceMonitors, for a Prometheus that selects them by label. The default is none of their own.
    #[builder(default)]
    pub service_monitor_labels: BTreeMap<LabelKey, LabelValue>,
    /// How many days container logs are kept; one of the values that CloudWatch Logs accepts. The default is 30.
    #[builder(default = 30)]
    pub log_retention_days: u32,
}

default_is_built!(Observability);
