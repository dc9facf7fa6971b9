//! Argo CD: applications.
//!
//! Upstream: [specification](https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/) of
//! `argoproj.io/v1alpha1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

custom_resource! {
    /// What Argo CD keeps in step with a source.
    Application(ApplicationSpec) = "argoproj.io" / "v1alpha1" / "applications", NamespaceResourceScope
}

/// Where it comes from, and where it goes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationSpec {
    /// The project of Argo CD that it belongs to.
    pub project: String,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<ApplicationSource>,
    /// Where it goes.
    pub destination: ApplicationDestination,
    /// When and how it is synchronised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_policy: Option<SyncPolicy>,
    /// What others may change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_differences: Vec<IgnoreDifferences>,
}

/// A folder of a Git repository, or a chart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationSource {
    /// The repository: of Git, or of charts. That of an OCI registry is written without `oci://`.
    #[serde(rename = "repoURL")]
    pub repo_url: String,
    /// The folder in a Git repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The chart in a repository of charts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
    /// The branch, tag or commit; of a chart its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_revision: Option<String>,
    /// What is said to a chart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helm: Option<ApplicationHelm>,
}

/// What is said to a chart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationHelm {
    /// The name of the release. Default: that of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_name: Option<String>,
    /// Whether the folder `crds` of the chart is left out. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_crds: Option<bool>,
    /// The values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Map<String, Value>>")]
    pub values_object: Option<Value>,
}

/// A cluster, and the namespace of objects that name none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationDestination {
    /// The URL of the cluster's API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The namespace of objects that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// When and how an application is synchronised.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncPolicy {
    /// Without being asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated: Option<AutomatedSync>,
    /// Options, each as `Name=value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sync_options: Vec<String>,
    /// What becomes of one that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<SyncRetry>,
}

/// What is done without being asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AutomatedSync {
    /// Whether what left the source leaves the cluster. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prune: Option<bool>,
    /// Whether changes by hand are undone. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_heal: Option<bool>,
}

/// How often, and after how long.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncRetry {
    /// How often; for ever if less than 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// After how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<SyncBackoff>,
}

/// Pauses that grow.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncBackoff {
    /// The first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// How many times as long each next one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<i64>,
    /// The longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<String>,
}

/// Fields that others may change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IgnoreDifferences {
    /// The API group of the objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Their kind.
    pub kind: String,
    /// Paths in the notation of jq.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jq_path_expressions: Vec<String>,
    /// Whoever's fields they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub managed_fields_managers: Vec<String>,
}
