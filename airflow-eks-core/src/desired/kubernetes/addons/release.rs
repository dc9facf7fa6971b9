//! One release of an add-on, and what it waits for besides what its values tell.

use serde::Serialize;
use serde_json::Value;

use super::chart::Pinned;
use crate::desired::merge::merge;
use crate::graph::{HelmRelease, ReleaseId, ResourceId};
use crate::spec::AddonKind;
use crate::stack::Stack;

/// One release of an add-on.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct AddonRelease {
    /// The add-on.
    pub(super) kind: AddonKind,
    /// Its release.
    pub(in super::super) release: HelmRelease,
    /// What has to be there before it.
    pub(super) after: Vec<ResourceId>,
}

impl AddonRelease {
    /// A release with the stack's values, and the user's over them.
    pub(super) fn new(
        stack: &Stack,
        kind: AddonKind,
        chart: Pinned,
        (namespace, name): (&str, &str),
        values: &impl Serialize,
    ) -> Self {
        // Every value is text, a number, a switch, a list or a mapping with text keys, so writing it cannot fail.
        let mut values = serde_json::to_value(values).unwrap_or_default();
        merge(&mut values, &Value::Object(stack.spec().addons.get(kind).values.clone()));
        let id = ReleaseId::new(namespace, name);
        Self { kind, release: HelmRelease::new(id, chart.of(stack, kind), values), after: Vec::new() }
    }

    /// Its identity among all resources.
    pub(super) fn id(&self) -> ResourceId {
        self.release.id.clone().into()
    }

    /// Lets it wait for a resource, where the stack has it.
    pub(super) fn after(mut self, earlier: impl Into<ResourceId>) -> Self {
        self.after.push(earlier.into());
        self
    }
}
