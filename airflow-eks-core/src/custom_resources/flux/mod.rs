//! Flux: sources, kustomizations, Helm releases.
//!
//! Upstream: [components](https://fluxcd.io/flux/components/).

mod helm_release;
mod kustomization;
mod source;

pub use helm_release::*;
pub use kustomization::*;
pub use source::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Another object of the same namespace and kind, or of a kind that the field decides.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameReference {
    /// Its name.
    pub name: String,
}

/// A source of manifests or charts, in the same namespace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceReference {
    /// Its kind, such as `GitRepository`.
    pub kind: String,
    /// Its name.
    pub name: String,
}
