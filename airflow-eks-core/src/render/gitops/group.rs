//! Which parts of a stack one Application or Kustomization brings.

use std::collections::{BTreeMap, BTreeSet};

use super::order::{self, Position};
use crate::graph::{Graph, Resource, ResourceId};

/// What one Application or Kustomization brings.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The name of its folder.
    pub(super) name: String,
    /// Whether it holds releases, and otherwise objects.
    pub(super) releases: bool,
    /// Its parts in the order of applying, each with its wave.
    pub(super) parts: Vec<(&'a Resource, usize)>,
    /// The positions in the list of the groups that have to be ready before it.
    pub(super) after: BTreeSet<usize>,
}

/// How fine groups are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    /// One a stage: the tool orders waves within a group by itself.
    Stage,
    /// One a wave of objects, and one a stage of releases: the tool orders releases within a group by itself.
    Wave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    At(Position),
    /// Releases that nothing in the stack waits for: they hold nobody up.
    AddOns,
}

/// The groups of a graph of objects and releases, each after those that it waits for.
pub(super) fn of(graph: &Graph, grain: Grain) -> Vec<Group<'_>> {
    let positions = order::positions(graph);
    let needed: BTreeSet<&ResourceId> = graph.iter().flat_map(|resource| &resource.depends_on).collect();
    let key = |id: &ResourceId, at: Position| match (order::is_release(id), grain) {
        (true, _) if !needed.contains(id) => Key::AddOns,
        (true, _) | (false, Grain::Stage) => Key::At(Position { wave: 0, ..at }),
        (false, Grain::Wave) => Key::At(at),
    };
    let keys: BTreeMap<&ResourceId, Key> = positions.iter().map(|(id, at)| (id, key(id, *at))).collect();
    let order: Vec<Key> = keys.values().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let place = |id: &ResourceId| order.iter().position(|key| keys.get(id) == Some(key));
    let mut groups: Vec<Group<'_>> = named(&order);
    for resource in graph.iter() {
        let id = resource.body.id();
        let wave = positions.get(&id).map_or(0, |at| at.wave);
        let own = place(&id);
        let after = resource.depends_on.iter().filter_map(place).filter(|group| Some(*group) != own);
        if let Some(group) = own.and_then(|own| groups.get_mut(own)) {
            group.parts.push((resource, wave));
            group.after.extend(after);
        }
    }
    groups
}

fn named<'a>(order: &[Key]) -> Vec<Group<'a>> {
    let (mut objects, mut releases) = (0_usize, 0_usize);
    let group = |(name, releases)| Group { name, releases, parts: Vec::new(), after: BTreeSet::new() };
    let named = order.iter().map(|key| match key {
        Key::AddOns => ("add-ons".to_owned(), true),
        Key::At(at) if at.stage % 2 == 0 => {
            objects += 1;
            (format!("objects-{objects}"), false)
        }
        Key::At(_) => {
            releases += 1;
            (format!("releases-{releases}"), true)
        }
    });
    named.map(group).collect()
}
