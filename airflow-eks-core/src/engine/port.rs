//! What the engine needs of the outside: the port that `airflow-eks-aws` and `airflow-eks-k8s` implement.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

use serde_json::Value;

use crate::aws_resources::Tags;
use crate::graph::{Attribute, Body, ResourceId};
use crate::plan::FieldChange;

/// Observes and changes one side of a stack. Bodies that are passed in have every late value in its place that is known.
pub trait Provider: Sync {
    /// What there is of a resource; nothing where there is none.
    ///
    /// # Errors
    /// It cannot be read. That is never taken for absent.
    fn observe(&self, wanted: &Body) -> impl Future<Output = Result<Option<Present>, Failure>> + Send;

    /// Makes a resource, and waits until it is ready. Where an earlier run has made it already, goes on from there.
    ///
    /// # Errors
    /// It could not be made, or did not become ready in time.
    fn create(&self, wanted: &Body) -> impl Future<Output = Result<Present, Failure>> + Send;

    /// Changes a resource, and waits until it is ready.
    ///
    /// # Errors
    /// It could not be changed, or did not become ready in time.
    fn update(
        &self,
        wanted: &Body,
        present: &Present,
        changes: &[FieldChange],
    ) -> impl Future<Output = Result<Present, Failure>> + Send;

    /// Waits until a resource that is being made or changed is ready.
    ///
    /// # Errors
    /// It did not become ready in time, or has failed.
    fn wait(&self, wanted: &Body) -> impl Future<Output = Result<Present, Failure>> + Send;

    /// Deletes a resource, and waits until it is gone. One that is gone already is no error.
    ///
    /// # Errors
    /// It could not be deleted, or was not gone in time.
    fn delete(&self, owned: &Owned) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// A resource that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// What deleting it needs: its id, its name or its ARN, as that kind is known by.
    pub physical_id: String,
    /// Its fields, in the shape of the wanted ones.
    pub fields: Value,
    /// Its tags.
    pub tags: Tags,
    /// What it tells.
    pub attributes: BTreeMap<Attribute, String>,
    /// Whether it can be used.
    pub readiness: Readiness,
    /// Whether it may be changed and deleted.
    pub ownership: Ownership,
    /// Where it differs, where the outside has been asked; otherwise the fields are compared.
    pub differences: Option<Differences>,
}

/// Where something differs from what is wanted, as an API server says after a dry run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Differences {
    /// The fields that a change would change.
    pub changes: Vec<FieldChange>,
    /// The fields that cannot be changed while it is there, as the server says.
    pub immutable: Vec<String>,
    /// The fields that another tool keeps.
    pub conflicts: Vec<Conflict>,
    /// Why the server would not take the change at all.
    pub refused: Option<String>,
}

/// A field that another tool keeps, at another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub path: String,
    /// The name under which the other one writes.
    pub manager: String,
}

/// Whether a resource can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readiness {
    /// It can be used.
    Ready,
    /// It is being made, changed or deleted: AWS's word for how.
    InProgress(String),
    /// It has failed, and will not become ready by waiting: why.
    Failed(String),
}

/// Whether a resource may be changed and deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ownership {
    /// It carries the marks of the stack.
    Ours,
    /// It does not: whose it seems to be.
    NotOurs(String),
}

/// A resource that carries the marks of a stack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owned {
    /// Which one it is, as its marks tell.
    pub id: ResourceId,
    /// What deleting it needs.
    pub physical_id: String,
}

/// Why a resource could not be read, made, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The resource.
    pub resource: String,
    /// The call, such as `eks:CreateCluster`.
    pub operation: String,
    /// The code of the answer, such as `AccessDeniedException`.
    pub code: Option<String>,
    /// What the answer says.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} failed", self.resource, self.operation)?;
        if let Some(code) = &self.code {
            write!(f, " with {code}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Failure {}
