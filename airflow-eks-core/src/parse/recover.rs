//! Finding every malformed value, although serde stops at the first: note it, take it out, read again.

use std::cell::RefCell;

use super::deserializer::{NodeDeserializer, Refusal};
use super::tree::Node;
use crate::problem::{Path, Problem, Problems, Segment};
use crate::spec::StackSpec;

/// What could be read, and what could not.
pub(crate) struct Reading {
    /// The stack without its malformed parts; nothing where too little is left to be a stack.
    pub(crate) spec: Option<StackSpec>,
    pub(crate) problems: Problems,
    /// What was taken out, or replaced by a stand-in, before the rest could be read.
    removed: Vec<Path>,
}

/// Reads a stack; `stand_in` supplies required entries of the top level that are missing or malformed, so that the
/// rest can still be checked.
pub(crate) fn read(tree: &Node, stand_in: &Node) -> Reading {
    let mut tree = tree.clone();
    let mut reading = Reading { spec: None, problems: Problems::new(), removed: Vec::new() };
    // Each turn takes something out of the tree, so the number of turns is bounded by the size of the text.
    loop {
        let unknown = RefCell::new(Vec::new());
        let result = serde::Deserialize::deserialize(NodeDeserializer::new(&tree, &unknown));
        let unknown = unknown.into_inner();
        let go_on = match result {
            Ok(spec) => {
                reading.spec = Some(spec);
                false
            }
            Err(refusal) => reading.take_out(&mut tree, stand_in, refusal),
        };
        if !go_on {
            for key in unknown {
                reading.problems.push(key.problem);
                // What was meant is taken for said: a rule that misses it would report the same mistake again.
                reading.removed.extend(key.meant);
            }
            return reading;
        }
    }
}

impl Reading {
    /// Notes the refused value and takes it out of the tree; false where the tree cannot be read without it.
    fn take_out(&mut self, tree: &mut Node, stand_in: &Node, refusal: Refusal) -> bool {
        let place = refusal.missing.map_or_else(|| refusal.path.clone(), |field| refusal.path.key(field));
        let holder = refusal.path.clone();
        let missing = refusal.missing.is_some();
        if !self.removed.contains(&place) {
            let Refusal { message, hint, location, .. } = refusal;
            let location = location.map(|location| *location);
            self.problems.push(Problem { path: place.clone(), message, hint, location });
            if place.segments().len() == 1
                && let Some(substitute) = stand_in.at(&place)
            {
                self.removed.push(place.clone());
                return tree.set(&place, substitute.clone()).is_ok();
            }
        }
        // What cannot do without a required entry goes as a whole.
        let target = if missing { holder } else { place };
        self.removed.push(target.clone());
        tree.remove(&target)
    }

    /// Whether a rule's answer can be trusted, although parts were taken out: not where the rule saw a default in place of
    /// what the text says. A rule that reads a second key names it, in back quotes or as one word, in its message or hint.
    pub(crate) fn can_trust(&self, problem: &Problem) -> bool {
        !self.removed.iter().any(|removed| removed.holds(&problem.path) || mentions(problem, removed))
    }

    /// The place in the text of a place in the stack: list items that were taken out are counted again.
    pub(crate) fn place_in_text(&self, path: &Path) -> Path {
        let mut place = Path::root();
        for segment in path.segments() {
            place = match segment {
                Segment::Key(key) => place.key(key),
                Segment::Index(index) => {
                    let mut position = *index;
                    let mut holes: Vec<usize> =
                        self.removed.iter().filter_map(|hole| hole_in(hole, &place)).collect();
                    holes.sort_unstable();
                    holes.dedup();
                    for hole in holes {
                        if hole <= position {
                            position += 1;
                        }
                    }
                    place.index(position)
                }
            };
        }
        place
    }
}

/// Whether a problem speaks of the key that a removed value stood under.
fn mentions(problem: &Problem, removed: &Path) -> bool {
    let keys = removed.segments().iter().rev().filter_map(|segment| match segment {
        Segment::Key(key) => Some(key.as_str()),
        Segment::Index(_) => None,
    });
    let Some(key) = keys.into_iter().next() else { return false };
    let texts = [Some(&problem.message), problem.hint.as_ref()];
    texts.into_iter().flatten().any(|text| {
        let is_key = |word: &str| word == key && key.contains(|c: char| c.is_ascii_uppercase());
        text.contains(&format!("`{key}`"))
            || text.contains(&format!("`{key}:"))
            || (key == "region" && text.contains("Region"))
            || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_key)
    })
}

/// The position of the list item `hole`, where it was an item of `list`.
fn hole_in(hole: &Path, list: &Path) -> Option<usize> {
    match hole.segments().last() {
        Some(Segment::Index(index)) if hole.parent().as_ref() == Some(list) => Some(*index),
        _ => None,
    }
}
