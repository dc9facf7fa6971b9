//! What happens while a plan is executed.

use std::fmt;

use super::Failure;
use crate::graph::ResourceId;
use crate::plan::ActionKind;

/// What happens while a plan is executed. Steps that do nothing tell nothing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A step begins.
    Started {
        /// The resource.
        id: ResourceId,
        /// What is done.
        action: ActionKind,
    },
    /// A step is done: the resource is ready, or gone.
    Finished {
        /// The resource.
        id: ResourceId,
        /// What was done.
        action: ActionKind,
    },
    /// A step has failed.
    Failed {
        /// The resource.
        id: ResourceId,
        /// What was tried.
        action: ActionKind,
        /// Why.
        failure: Failure,
    },
    /// A step is not begun.
    Skipped {
        /// The resource.
        id: ResourceId,
        /// What would have been done.
        action: ActionKind,
        /// Why.
        because: Because,
    },
}

/// Why a step is not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Because {
    /// The plan says that it cannot be done: why.
    Blocked(String),
    /// It depends, maybe through others, on a step that has failed or is blocked.
    Needs(ResourceId),
    /// Everything was stopped before it could begin.
    Stopped,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(reason) => f.write_str(reason),
            Self::Needs(id) => write!(f, "it needs {id}"),
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl Event {
    /// The resource that it is about.
    #[must_use]
    pub fn id(&self) -> &ResourceId {
        match self {
            Self::Started { id, .. }
            | Self::Finished { id, .. }
            | Self::Failed { id, .. }
            | Self::Skipped { id, .. } => id,
        }
    }
}
