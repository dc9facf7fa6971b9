//! The Prometheus Operator: which services and pods have metrics.
//!
//! Upstream: [API reference](https://prometheus-operator.dev/docs/api-reference/api/) of
//! `monitoring.coreos.com/v1`. Left out are proxies, OAuth 2, files in the container of Prometheus and what
//! upstream has deprecated.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{ConfigMapKeySelector, SecretKeySelector},
    apimachinery::pkg::{apis::meta::v1::LabelSelector, util::intstr::IntOrString},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

custom_resource! {
    /// Metrics behind services.
    ServiceMonitor(ServiceMonitorSpec) =
        "monitoring.coreos.com" / "v1" / "servicemonitors", NamespaceResourceScope
}

custom_resource! {
    /// Metrics of pods that have no service.
    PodMonitor(PodMonitorSpec) = "monitoring.coreos.com" / "v1" / "podmonitors", NamespaceResourceScope
}

/// Which services have metrics.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceMonitorSpec {
    /// Labels of the services.
    pub selector: LabelSelector,
    /// Namespaces of the services. Default: that of the monitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<NamespaceSelector>,
    /// Where each of them has metrics.
    pub endpoints: Vec<Endpoint>,
    /// Label of the service whose value becomes the label `job`. Default: the name of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_label: Option<String>,
    /// Labels of the service that the metrics get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_labels: Vec<String>,
    /// Labels of the pod that the metrics get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pod_target_labels: Vec<String>,
    /// What more is known of a target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attach_metadata: Option<AttachMetadata>,
    /// Formats that are asked for, the preferred ones first. Default: as Prometheus is set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scrape_protocols: Vec<ScrapeProtocol>,
    /// Format of an answer that does not name one. Needs Prometheus 3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_scrape_protocol: Option<ScrapeProtocol>,
    /// Name of the scrape class. Default: that of Prometheus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_class: Option<String>,
    /// The most samples of one scrape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_limit: Option<i64>,
    /// The most targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_limit: Option<i64>,
    /// The most labels of a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_limit: Option<i64>,
    /// The longest name of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_name_length_limit: Option<i64>,
    /// The longest value of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_value_length_limit: Option<i64>,
    /// The largest answer, uncompressed, such as `10MB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_size_limit: Option<String>,
    /// The most targets that relabelling dropped and that are kept in memory; 0 is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_dropped_targets: Option<i64>,
}

/// Which pods have metrics.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PodMonitorSpec {
    /// Labels of the pods.
    pub selector: LabelSelector,
    /// Namespaces of the pods. Default: that of the monitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<NamespaceSelector>,
    /// Where each of them has metrics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pod_metrics_endpoints: Vec<Endpoint>,
    /// Label of the pod whose value becomes the label `job`. Default: namespace and name of the monitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_label: Option<String>,
    /// Labels of the pod that the metrics get.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pod_target_labels: Vec<String>,
    /// What more is known of a target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attach_metadata: Option<AttachMetadata>,
    /// Formats that are asked for, the preferred ones first. Default: as Prometheus is set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scrape_protocols: Vec<ScrapeProtocol>,
    /// Format of an answer that does not name one. Needs Prometheus 3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_scrape_protocol: Option<ScrapeProtocol>,
    /// Name of the scrape class. Default: that of Prometheus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_class: Option<String>,
    /// The most samples of one scrape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_limit: Option<i64>,
    /// The most targets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_limit: Option<i64>,
    /// The most labels of a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_limit: Option<i64>,
    /// The longest name of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_name_length_limit: Option<i64>,
    /// The longest value of a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_value_length_limit: Option<i64>,
    /// The largest answer, uncompressed, such as `10MB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_size_limit: Option<String>,
    /// The most targets that relabelling dropped and that are kept in memory; 0 is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_dropped_targets: Option<i64>,
}

/// Namespaces. Default: that of the monitor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamespaceSelector {
    /// Whether all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<bool>,
    /// Their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_names: Vec<String>,
}

/// What more is known of a target.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttachMetadata {
    /// Whether labels and annotations of its node; Prometheus must be allowed to list nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<bool>,
}

/// A format in which metrics are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ScrapeProtocol {
    /// Protocol buffers.
    PrometheusProto,
    /// OpenMetrics 0.0.1.
    #[serde(rename = "OpenMetricsText0.0.1")]
    OpenMetricsText001,
    /// OpenMetrics 1.0.0.
    #[serde(rename = "OpenMetricsText1.0.0")]
    OpenMetricsText100,
    /// Text of Prometheus 0.0.4.
    #[serde(rename = "PrometheusText0.0.4")]
    PrometheusText004,
    /// Text of Prometheus 1.0.0.
    #[serde(rename = "PrometheusText1.0.0")]
    PrometheusText100,
}

/// Where a service or pod has metrics.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoint {
    /// Name of the port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Name or number of the container port, without `port`. Deprecated upstream for pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<IntOrString>,
    /// Path. Default of Prometheus: `/metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Protocol. Default: `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
    /// Parameters of the query.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Vec<String>>,
    /// How often, such as `30s`. Default: as Prometheus is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// How long an answer may take, such as `10s`; at most the interval. Default: as Prometheus is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrape_timeout: Option<String>,
    /// Whether labels of the metrics win over those of the target. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honor_labels: Option<bool>,
    /// Whether timestamps of the metrics are kept. Default of Prometheus: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honor_timestamps: Option<bool>,
    /// Whether staleness is tracked for metrics with timestamps of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track_timestamps_staleness: Option<bool>,
    /// Whether redirects are followed. Default of Prometheus: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_redirects: Option<bool>,
    /// Whether HTTP/2 is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_http2: Option<bool>,
    /// Whether pods that have failed or are done are left out. Default: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_running: Option<bool>,
    /// Changes to labels of the target, before it is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relabelings: Vec<RelabelConfig>,
    /// Changes to labels of the metrics, before they are stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metric_relabelings: Vec<RelabelConfig>,
    /// TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_config: Option<TlsConfig>,
    /// User and password. Excludes `authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic_auth: Option<BasicAuth>,
    /// The header `Authorization`. Excludes `basic_auth`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
}

/// Protocol of a scrape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Without TLS.
    Http,
    /// With TLS.
    Https,
}

/// User and password.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BasicAuth {
    /// The secret with the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<SecretKeySelector>,
    /// The secret with the password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretKeySelector>,
}

/// The header `Authorization`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorization {
    /// Its scheme. Default: `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The secret with the credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<SecretKeySelector>,
}

/// TLS of a scrape.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TlsConfig {
    /// The authority that the certificate of the server is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<SecretOrConfigMap>,
    /// The certificate of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cert: Option<SecretOrConfigMap>,
    /// The key of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_secret: Option<SecretKeySelector>,
    /// The name that the certificate of the server must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Whether any certificate is accepted. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insecure_skip_verify: Option<bool>,
    /// The lowest version of TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_version: Option<TlsVersion>,
    /// The highest version of TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_version: Option<TlsVersion>,
}

/// A key of a secret or of a config map. One of the two is set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretOrConfigMap {
    /// The key of a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretKeySelector>,
    /// The key of a config map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_map: Option<ConfigMapKeySelector>,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TlsVersion {
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// A change to labels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RelabelConfig {
    /// What is done. Default: `replace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<RelabelAction>,
    /// Labels whose values are looked at, joined by `separator`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_labels: Vec<String>,
    /// What joins the values. Default of Prometheus: `;`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// What the joined values have to match. Default of Prometheus: `(.*)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<String>,
    /// The label that is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_label: Option<String>,
    /// Its new value; `$1` is the first group of `regex`. Default of Prometheus: `$1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// For `hashmod`: what the hash is divided by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modulus: Option<i64>,
}

/// What is done to labels. Upstream knows each word capitalised as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RelabelAction {
    /// Writes `target_label`.
    Replace,
    /// Keeps only what matches.
    Keep,
    /// Drops what matches.
    Drop,
    /// Writes the hash of the values, modulo `modulus`, to `target_label`.
    HashMod,
    /// Copies labels whose names match to names made of `replacement`.
    LabelMap,
    /// Drops labels whose names match.
    LabelDrop,
    /// Keeps only labels whose names match.
    LabelKeep,
    /// Writes the values in lower case to `target_label`.
    Lowercase,
    /// Writes the values in upper case to `target_label`.
    Uppercase,
    /// Keeps only what has the joined values in `target_label`.
    KeepEqual,
    /// Drops what has the joined values in `target_label`.
    DropEqual,
}
