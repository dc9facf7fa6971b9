//! `HelmRelease` of `helm.toolkit.fluxcd.io/v2`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{NameReference, SourceReference};

custom_resource! {
    /// A release that Flux installs, upgrades and uninstalls with Helm.
    HelmRelease(HelmReleaseSpec) =
        "helm.toolkit.fluxcd.io" / "v2" / "helmreleases", NamespaceResourceScope
}

/// Which chart, where to, and with what values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmReleaseSpec {
    /// How long between two looks.
    pub interval: String,
    /// How long one action of Helm may take. Default: 5m.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// A chart in a repository of charts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<HelmChartTemplate>,
    /// A chart that a source holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart_ref: Option<SourceReference>,
    /// The name of the release. Default: made of the target namespace and the object's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_name: Option<String>,
    /// Where it is installed. Default: the namespace of this object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_namespace: Option<String>,
    /// Where Helm keeps its state. Default: the namespace of this object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_namespace: Option<String>,
    /// Those that have to be ready before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<NameReference>,
    /// How it is installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install: Option<HelmInstall>,
    /// How it is upgraded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<HelmUpgrade>,
    /// The values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
}

/// A chart in a repository of charts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmChartTemplate {
    /// Which.
    pub spec: HelmChartTemplateSpec,
}

/// Which chart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmChartTemplateSpec {
    /// Its name.
    pub chart: String,
    /// Its version. Default: the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The repository.
    pub source_ref: SourceReference,
}

/// How a release is installed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmInstall {
    /// What is done with the folder `crds` of the chart. Default: `Create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crds: Option<HelmCrds>,
    /// Whether the target namespace is made. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_namespace: Option<bool>,
    /// What follows a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<HelmRemediation>,
}

/// How a release is upgraded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmUpgrade {
    /// What is done with the folder `crds` of the chart. Default: `Skip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crds: Option<HelmCrds>,
    /// What follows a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<HelmRemediation>,
}

/// What follows a failure.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmRemediation {
    /// How often it is tried again; for ever if less than 0. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<i64>,
}

/// What is done with the folder `crds` of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum HelmCrds {
    /// It is left out.
    Skip,
    /// Those that are not there are made.
    Create,
    /// They are made, and brought to what the chart holds.
    CreateReplace,
}
