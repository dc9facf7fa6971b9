//! The optional parts of a Spark application: restarts, executors in numbers that vary, metrics, ingresses.

use std::collections::BTreeMap;

use k8s_openapi::{api::networking::v1::IngressTLS, apimachinery::pkg::api::resource::Quantity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When an application is started again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestartPolicy {
    /// Whether it is at all. Default: `Never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<RestartPolicyType>,
    /// How many times after a failed run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure_retries: Option<i32>,
    /// Seconds that the pause grows by with each run that fails. Default: 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure_retry_interval: Option<i64>,
    /// How many times after a failed submission; no hard bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_submission_failure_retries: Option<i32>,
    /// Seconds that the pause grows by with each submission that fails. Default: 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_submission_failure_retry_interval: Option<i64>,
}

/// Whether an application is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RestartPolicyType {
    /// Not at all.
    Never,
    /// After a failure, within the retries.
    OnFailure,
    /// Whenever it ended.
    Always,
}

/// A number of executors that follows the work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DynamicAllocation {
    /// Whether it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// How many at the start; `instances` of the executor counts if it is greater.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_executors: Option<i32>,
    /// The fewest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_executors: Option<i32>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_executors: Option<i32>,
    /// Whether executors stay while active jobs need their shuffle files. Default: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shuffle_tracking_enabled: Option<bool>,
    /// Milliseconds after which executors with shuffle files go all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shuffle_tracking_timeout: Option<i64>,
}

/// What a batch scheduler is told.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BatchSchedulerConfiguration {
    /// Name of the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Name of the priority class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<String>,
    /// Resources that have to be free before the application starts. Default: what its pods request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, Quantity>,
}

/// Metrics of an application.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MonitoringSpec {
    /// Whether the driver has metrics.
    pub expose_driver_metrics: bool,
    /// Whether the executors have metrics.
    pub expose_executor_metrics: bool,
    /// Content of `metrics.properties`. Default: that of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_properties: Option<String>,
    /// Path of `metrics.properties` in the container. Default: `/etc/metrics/conf/metrics.properties`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_properties_file: Option<String>,
    /// The JMX exporter of Prometheus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prometheus: Option<PrometheusSpec>,
}

/// The JMX exporter of Prometheus.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrometheusSpec {
    /// Path of its JAR file in the container.
    pub jmx_exporter_jar: String,
    /// Port that it listens on, 1024 to 49151. Default: 8090.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    /// Name of that port. Default: `jmx-exporter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_name: Option<String>,
    /// Path of its configuration in the image. Excludes `configuration`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_file: Option<String>,
    /// Its configuration. Default: that of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
}

/// Service and ingress of the web interface of Spark.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SparkUiConfiguration {
    /// Port of the service. Default: that of the web interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_port: Option<i32>,
    /// Name of that port. Default: `spark-driver-ui-port`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_port_name: Option<String>,
    /// Type of the service. Default: `ClusterIP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_type: Option<String>,
    /// Labels of the service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_labels: BTreeMap<String, String>,
    /// Annotations of the service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_annotations: BTreeMap<String, String>,
    /// Annotations of the ingress.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ingress_annotations: BTreeMap<String, String>,
    /// TLS of the ingress.
    #[serde(rename = "ingressTLS", default, skip_serializing_if = "Vec::is_empty")]
    pub ingress_tls: Vec<IngressTLS>,
}

/// Service and ingress of a port of the driver.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DriverIngressConfiguration {
    /// Port of the service.
    pub service_port: i32,
    /// Name of that port.
    pub service_port_name: String,
    /// Type of the service. Default: `ClusterIP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_type: Option<String>,
    /// Labels of the service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_labels: BTreeMap<String, String>,
    /// Annotations of the service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_annotations: BTreeMap<String, String>,
    /// URL of the ingress.
    #[serde(rename = "ingressURLFormat", skip_serializing_if = "Option::is_none")]
    pub ingress_url_format: Option<String>,
    /// Annotations of the ingress.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ingress_annotations: BTreeMap<String, String>,
    /// TLS of the ingress.
    #[serde(rename = "ingressTLS", default, skip_serializing_if = "Vec::is_empty")]
    pub ingress_tls: Vec<IngressTLS>,
}
