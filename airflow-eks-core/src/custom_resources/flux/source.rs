//! `GitRepository`, `HelmRepository` and `OCIRepository` of `source.toolkit.fluxcd.io/v1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NameReference;

custom_resource! {
    /// A Git repository.
    GitRepository(GitRepositorySpec) =
        "source.toolkit.fluxcd.io" / "v1" / "gitrepositories", NamespaceResourceScope
}

custom_resource! {
    /// A repository of charts.
    HelmRepository(HelmRepositorySpec) =
        "source.toolkit.fluxcd.io" / "v1" / "helmrepositories", NamespaceResourceScope
}

custom_resource! {
    /// An artifact in an OCI registry.
    OCIRepository(OCIRepositorySpec) =
        "source.toolkit.fluxcd.io" / "v1" / "ocirepositories", NamespaceResourceScope
}

/// A Git repository, and what of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GitRepositorySpec {
    /// Its URL, over HTTPS or SSH. The short form of SSH is not understood.
    pub url: String,
    /// How long between two looks.
    pub interval: String,
    /// What is checked out. Default: the branch `master`.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<GitRepositoryReference>,
    /// The secret with the credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<NameReference>,
}

/// What is checked out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GitRepositoryReference {
    /// A branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// A commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// A whole reference, such as `refs/tags/v1.0.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A repository of charts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmRepositorySpec {
    /// Its URL.
    pub url: String,
    /// How long between two looks at its index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
}

/// An artifact in an OCI registry, and which.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OCIRepositorySpec {
    /// Its URL, which begins with `oci://`.
    pub url: String,
    /// How long between two looks.
    pub interval: String,
    /// Whose credentials are used: `aws` is the role of the controller. Default: `generic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Which version.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<OCIRepositoryReference>,
    /// Which part of the artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer_selector: Option<OCILayerSelector>,
}

/// Which version of an artifact.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OCIRepositoryReference {
    /// Its tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Which part of an artifact, and what is done with it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OCILayerSelector {
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// `extract` or `copy`. Default: `extract`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}
