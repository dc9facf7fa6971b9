//! What there is, as it was read.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Failure, Owned, Present};
use crate::graph::{Graph, ResourceId};
use crate::types::AccountId;

/// What there is of a stack, as it was read: see [`observe`](crate::engine::observe).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// The account that was asked.
    pub account: Option<AccountId>,
    /// What there is of each resource that the stack wants.
    pub resources: BTreeMap<ResourceId, Observed>,
    /// Everything that carries the marks of the stack, whether or not the stack still wants it.
    pub owned: Vec<Owned>,
}

/// What there is of one resource.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Observed {
    /// There is none.
    Absent,
    /// There is one.
    Present(Box<Present>),
    /// That could not be read, which is never taken for absent.
    Unreadable(Failure),
}

impl Observations {
    /// Adds what a listing of everything that carries the stack's marks gave. Without it nothing is known of what the stack
    /// no longer wants.
    #[must_use]
    pub fn with_owned(mut self, owned: Vec<Owned>) -> Self {
        self.owned = owned;
        self
    }

    /// One resource, where it is there.
    #[must_use]
    pub fn present(&self, id: &ResourceId) -> Option<&Present> {
        match self.resources.get(id) {
            Some(Observed::Present(present)) => Some(present),
            _ => None,
        }
    }

    /// What carries the stack's marks and is not part of the graph.
    pub fn unwanted<'a>(&'a self, graph: &Graph) -> impl Iterator<Item = &'a Owned> {
        let ids: BTreeSet<ResourceId> = graph.iter().map(|resource| resource.body.id()).collect();
        // Kinds that AWS cannot tag are listed under other names than the graph has, so what they are to AWS counts too.
        let present = ids.iter().filter_map(|id| Some((id.kind(), self.present(id)?.physical_id.as_str())));
        let present: BTreeSet<(String, &str)> = present.collect();
        self.owned.iter().filter(move |owned| {
            !ids.contains(&owned.id) && !present.contains(&(owned.id.kind(), owned.physical_id.as_str()))
        })
    }
}
