//! The Git repository that Argo CD or Flux reads the stack from.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::types::{GitReference, GitUrl, GoDuration, Known as _, NamespaceName, ObjectName, RelativePath};

/// The Git repository that Argo CD or Flux reads the stack from. Only `render --format argocd` and `--format flux` use it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GitOps {
    /// The repository, over HTTPS or SSH, without credentials.
    pub repository: GitUrl,
    /// A branch, a whole commit, or a whole reference such as `refs/tags/v1.0.0`. The default is `main`.
    #[serde(default = "main_branch")]
    #[builder(default = main_branch())]
    pub revision: GitReference,
    /// The folder in the repository. It belongs to the stack alone, and nothing else reads it. The default is `stacks/` and
    /// the name of the stack.
    pub path: Option<RelativePath>,
    /// Where the objects of Argo CD or Flux lie. The default is `argocd` or `flux-system`.
    pub namespace: Option<NamespaceName>,
    /// The project of Argo CD. The default is `default`.
    #[serde(default = "default_project")]
    #[builder(default = default_project())]
    pub project: ObjectName,
    /// The secret that Flux reads the repository with, in the same namespace. The default is none. Argo CD finds its
    /// credentials by the URL.
    pub credentials_secret: Option<ObjectName>,
    /// How long Flux waits between two looks. The default is `10m`.
    #[serde(default = "ten_minutes")]
    #[builder(default = ten_minutes())]
    pub interval: GoDuration,
    /// What becomes of the stack's objects when the application or kustomization that brought them is deleted. The default
    /// is `keep`.
    #[serde(default)]
    #[builder(default)]
    pub on_removal: GitOpsRemoval,
}

fn main_branch() -> GitReference {
    GitReference::known("main")
}

fn default_project() -> ObjectName {
    ObjectName::known("default")
}

fn ten_minutes() -> GoDuration {
    GoDuration::known("10m")
}

/// What becomes of objects when the application or kustomization that brought them is deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GitOpsRemoval {
    /// They stay: a mistake in Git does not take Airflow away.
    #[default]
    Keep,
    /// They go too, except for namespaces and claims of volumes.
    Delete,
}
