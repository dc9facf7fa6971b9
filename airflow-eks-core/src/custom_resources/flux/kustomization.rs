//! `Kustomization` of `kustomize.toolkit.fluxcd.io/v1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NameReference, SourceReference};

custom_resource! {
    /// A folder of manifests that Flux keeps a cluster in step with.
    Kustomization(KustomizationSpec) =
        "kustomize.toolkit.fluxcd.io" / "v1" / "kustomizations", NamespaceResourceScope
}

/// Which folder, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KustomizationSpec {
    /// How long between two looks at the cluster.
    pub interval: String,
    /// How long until a failed one is tried again. Default: the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<String>,
    /// How long applying and waiting may take. Default: the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Where the folder is.
    pub source_ref: SourceReference,
    /// The folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether what left the folder leaves the cluster.
    pub prune: bool,
    /// Whether it is ready only when everything in it is. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<bool>,
    /// What becomes of everything in it when the kustomization itself goes. Default: as `prune` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// Those that have to be ready before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<NameReference>,
}

/// What becomes of everything in a kustomization when that itself goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// It goes too where `prune` is set.
    MirrorPrune,
    /// It goes too.
    Delete,
    /// It goes too, and the kustomization stays until it is gone.
    WaitForTermination,
    /// It stays.
    Orphan,
}
