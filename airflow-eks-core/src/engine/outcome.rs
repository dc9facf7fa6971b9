//! What has come of a plan.

use std::collections::BTreeMap;

use super::{Because, Failure};
use crate::graph::{Attribute, AwsId, ResourceId};
use crate::plan::ActionKind;
use crate::render::Outputs;

/// What has come of a plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// What was done, in the order in which it was.
    pub done: Vec<(ResourceId, ActionKind)>,
    /// What has failed, in the order in which it has.
    pub failed: Vec<(ResourceId, Failure)>,
    /// What was not begun.
    pub skipped: Vec<(ResourceId, Because)>,
    /// What the resources tell that are there.
    pub attributes: BTreeMap<(AwsId, Attribute), String>,
    /// What the whole stack tells.
    pub outputs: Outputs,
}

impl Outcome {
    /// Whether everything was done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty()
    }
}
