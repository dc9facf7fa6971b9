//! Metrics and logs.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::{GoDuration, Known as _, LabelKey, LabelValue, ObjectName, Quantity};

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
    /// The Prometheus of the add-on `kubePrometheusStack`.
    #[builder(default)]
    pub prometheus: Prometheus,
    /// The Grafana of the add-on `kubePrometheusStack`.
    #[builder(default)]
    pub grafana: Grafana,
}

/// The Prometheus of the add-on `kubePrometheusStack`.
///
/// ```
/// use airflow_eks_core::spec::Prometheus;
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let prometheus = Prometheus::builder().retention("72h".parse()?).build();
/// assert_eq!(prometheus.storage_size.as_str(), "50Gi");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Prometheus {
    /// How long it keeps metrics itself. The default is `240h`.
    #[builder(default = GoDuration::known("240h"))]
    pub retention: GoDuration,
    /// The size of its volume. The default is `50Gi`.
    #[builder(default = Quantity::known("50Gi"))]
    pub storage_size: Quantity,
    /// The storage class of its volume. The default is the stack's own for volumes of one pod.
    pub storage_class: Option<ObjectName>,
}

/// The Grafana of the add-on `kubePrometheusStack`. Its administrator is `admin`, whose password is generated and kept in
/// Secrets Manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Grafana {
    /// Whether it is installed. The default is true.
    #[builder(default = true)]
    pub enabled: bool,
}

default_is_built!(Grafana, Observability, Prometheus);
