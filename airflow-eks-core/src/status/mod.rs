//! [`Graph`] and what is observed → how every resource is.

#[cfg(test)]
mod tests;
mod text;

use serde_json::{Value, json};

use crate::engine::{Owned, Ownership, Present, Readiness, Told};
use crate::graph::{Body, Graph, ResourceId};
use crate::plan::{self, Observations, Observed};
use crate::render::Outputs;

/// How a stack is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StackStatus {
    /// Every resource that the stack wants, in the order of applying.
    pub resources: Vec<ResourceStatus>,
    /// What carries the marks of the stack, and the stack no longer wants.
    pub unwanted: Vec<Owned>,
    /// What the whole stack tells.
    pub outputs: Outputs,
}

/// How one resource is.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceStatus {
    /// The resource.
    pub id: ResourceId,
    /// Whether it can be used.
    pub state: State,
    /// How many of its fields differ from what is wanted.
    pub differences: usize,
}

/// Whether a resource can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It can.
    Ready,
    /// It is being made, changed or deleted: AWS's word for how.
    InProgress(String),
    /// It has failed: why.
    Failed(String),
    /// It is not there.
    Absent,
    /// There is one, and it is not the stack's: whose it seems to be.
    NotOurs(String),
    /// It cannot be read: why.
    Unreadable(String),
}

impl State {
    /// Its word in documents.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::InProgress(_) => "inProgress",
            Self::Failed(_) => "failed",
            Self::Absent => "absent",
            Self::NotOurs(_) => "notOurs",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Why it is so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Ready | Self::Absent => None,
            Self::InProgress(why) | Self::Failed(why) | Self::NotOurs(why) | Self::Unreadable(why) => {
                Some(why)
            }
        }
    }
}

/// How every resource of a stack is.
///
/// ```
/// use airflow_eks_core::plan::Observations;
/// use airflow_eks_core::{Graph, status};
///
/// assert!(status::status(&Graph::default(), &Observations::default()).is_ready());
/// ```
#[must_use]
pub fn status(graph: &Graph, observed: &Observations) -> StackStatus {
    let mut told = Told::new(observed.account.as_ref());
    let mut resources = Vec::with_capacity(graph.len());
    for resource in graph.iter() {
        let id = resource.body.id();
        let wanted = resource.body.resolved(&|late| told.value(late));
        let (state, differences) = match observed.resources.get(&id) {
            Some(Observed::Present(present)) => {
                told.tell(&id, &present.attributes);
                of_present(&wanted, present)
            }
            Some(Observed::Absent) => (State::Absent, 0),
            Some(Observed::Unreadable(failure)) => (State::Unreadable(failure.to_string()), 0),
            None => (State::Unreadable("it was not looked for".to_owned()), 0),
        };
        resources.push(ResourceStatus { id, state, differences });
    }
    let unwanted = observed.unwanted(graph).cloned().collect();
    StackStatus { resources, unwanted, outputs: told.outputs() }
}

fn of_present(wanted: &Body, present: &Present) -> (State, usize) {
    let is_shared = matches!(wanted, Body::Aws(object) if object.shared);
    let state = match (&present.ownership, &present.readiness) {
        (Ownership::NotOurs(whose), _) if !is_shared => State::NotOurs(whose.clone()),
        (_, Readiness::Ready) => State::Ready,
        (_, Readiness::InProgress(how)) => State::InProgress(how.clone()),
        (_, Readiness::Failed(why)) => State::Failed(why.clone()),
    };
    let is_ours = present.ownership == Ownership::Ours;
    let differences = if is_ours { plan::differences(wanted, present).len() } else { 0 };
    (state, differences)
}

impl StackStatus {
    /// Whether everything can be used.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.resources.iter().all(|resource| resource.state == State::Ready)
    }

    /// The status as a document. Its `outputs` are what [`Outputs::from_json`] reads. Its `version` changes when something
    /// that was there is gone or means something else.
    #[must_use]
    pub fn to_json(&self, stack: &str) -> Value {
        let resources = self.resources.iter().map(|resource| {
            json!({
                "resource": resource.id.to_string(),
                "kind": resource.id.kind(),
                "name": resource.id.name(),
                "state": resource.state.name(),
                "reason": resource.state.reason(),
                "differences": resource.differences,
            })
        });
        let unwanted = self.unwanted.iter().map(|owned| {
            json!({
                "resource": owned.id.to_string(),
                "kind": owned.id.kind(),
                "name": owned.id.name(),
                "physicalId": owned.physical_id,
            })
        });
        json!({
            "version": 1,
            "stack": stack,
            "ready": self.is_ready(),
            "resources": resources.collect::<Vec<Value>>(),
            "unwanted": unwanted.collect::<Vec<Value>>(),
            "outputs": self.outputs.to_json(),
        })
    }
}
