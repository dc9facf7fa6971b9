//! How long a stack takes to make, and which resources decide that.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::graph::{Graph, ResourceId};

/// How long a stack takes to make from nothing, and which resources decide that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriticalPath {
    /// How long the whole takes.
    pub total: Duration,
    /// The resources that decide that, each waiting for the one before, and how long each takes.
    pub path: Vec<(ResourceId, Duration)>,
    /// When each resource can be made at the earliest.
    pub slots: BTreeMap<ResourceId, Slot>,
}

/// When a resource can be made at the earliest, counted from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When everything is there that it waits for.
    pub start: Duration,
    /// When it is ready.
    pub finish: Duration,
}

/// The longest way through a graph, by how long AWS usually takes for each kind of resource.
///
/// ```
/// use airflow_eks_core::{Graph, engine};
///
/// assert!(engine::critical_path(&Graph::default()).path.is_empty());
/// ```
#[must_use]
pub fn critical_path(graph: &Graph) -> CriticalPath {
    let mut slots: BTreeMap<ResourceId, Slot> = BTreeMap::new();
    let mut last_needed: BTreeMap<ResourceId, ResourceId> = BTreeMap::new();
    let mut last: Option<(Duration, ResourceId)> = None;
    for resource in graph.iter() {
        let id = resource.body.id();
        let needed =
            resource.depends_on.iter().filter_map(|needed| Some((slots.get(needed)?.finish, needed)));
        let latest = needed.max_by_key(|(finish, _)| *finish);
        let start = latest.map_or(Duration::ZERO, |(finish, _)| finish);
        let slot = Slot { start, finish: start + expected(&id) };
        if let Some((_, needed)) = latest {
            last_needed.insert(id.clone(), needed.clone());
        }
        if last.as_ref().is_none_or(|(finish, _)| slot.finish > *finish) {
            last = Some((slot.finish, id.clone()));
        }
        slots.insert(id, slot);
    }
    let total = last.as_ref().map_or(Duration::ZERO, |(finish, _)| *finish);
    let mut path = Vec::new();
    let mut next = last.map(|(_, id)| id);
    while let Some(id) = next {
        next = last_needed.get(&id).cloned();
        path.push((id.clone(), expected(&id)));
    }
    path.reverse();
    CriticalPath { total, path, slots }
}

/// Kubernetes answers at once, and what its controllers take is not counted.
pub(super) fn expected(id: &ResourceId) -> Duration {
    match id {
        ResourceId::Aws(id) => id.kind.expected_duration(),
        ResourceId::Kubernetes(_) | ResourceId::Helm(_) => Duration::ZERO,
    }
}
