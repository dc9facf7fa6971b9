//! When each part of a stack comes, in as few steps as keep the order.
//!
//! Objects and Helm releases take turns: a *stage* is all objects, or all releases, that nothing of the other sort has to
//! come between. Only a part that takes time to be ready makes those that need it come a *wave* later within their stage. What
//! has to be there and no more, such as a ConfigMap, comes in the same wave: both tools apply one wave's kinds in a fixed
//! order, and Kubernetes itself retries.

use std::collections::BTreeMap;

use crate::graph::{Graph, ResourceId};

/// What has to become ready, not merely to be there, before what needs it comes.
const TAKE_TIME: &[&str] =
    &["DaemonSet", "Deployment", "EC2NodeClass", "ExternalSecret", "Job", "NodePool", "StatefulSet"];

/// What may stay unready for reasons that concern nobody else: it comes last, where nobody waits for it.
const COME_LAST: &[&str] = &["Ingress", "ScheduledSparkApplication", "SparkApplication"];

/// When a part comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    /// Even for objects, odd for releases.
    pub(super) stage: usize,
    /// Within the stage.
    pub(super) wave: usize,
}

/// When each part of a graph of objects and releases comes.
pub(super) fn positions(graph: &Graph) -> BTreeMap<ResourceId, Position> {
    let mut positions = BTreeMap::new();
    for resource in graph.iter() {
        let id = resource.body.id();
        let earliest = Position { stage: usize::from(is_release(&id)), wave: 0 };
        let needed = resource.depends_on.iter();
        let after = needed.filter_map(|needed| positions.get(needed).map(|at| next(needed, *at, &id)));
        let position = after.fold(earliest, Position::max);
        positions.insert(id, position);
    }
    move_back(graph, &mut positions);
    positions
}

/// The earliest position for what needs `needed`.
fn next(needed: &ResourceId, at: Position, id: &ResourceId) -> Position {
    if is_release(needed) != is_release(id) {
        return Position { stage: at.stage + 1, wave: 0 };
    }
    let takes_time = is_release(needed) || TAKE_TIME.contains(&needed.kind().as_str());
    Position { wave: at.wave + usize::from(takes_time), ..at }
}

/// A claim comes with the first that uses it: one of a class that waits for its first consumer is not bound before, and a
/// wave that waited for it would wait for ever. What may stay unready comes last in its stage.
fn move_back(graph: &Graph, positions: &mut BTreeMap<ResourceId, Position>) {
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for position in positions.values() {
        let wave = last.entry(position.stage).or_default();
        *wave = position.wave.max(*wave);
    }
    for resource in graph.iter() {
        let id = resource.body.id();
        let kind = id.kind();
        let users = graph.iter().filter(|other| other.depends_on.contains(&id));
        let first = users.filter_map(|user| positions.get(&user.body.id()).copied()).min();
        let Some(position) = positions.get_mut(&id) else { continue };
        match first {
            Some(first) if kind == "PersistentVolumeClaim" && first.stage % 2 == 0 => *position = first,
            None if kind == "PersistentVolumeClaim" || COME_LAST.contains(&kind.as_str()) => {
                position.wave = last.get(&position.stage).copied().unwrap_or(position.wave);
            }
            _ => {}
        }
    }
}

pub(super) fn is_release(id: &ResourceId) -> bool {
    matches!(id, ResourceId::Helm(_))
}
