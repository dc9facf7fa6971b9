//! Finding every malformed value, although serde stops at the first: note it, take it out, read again.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::deserializer::NodeDeserializer;
use super::refusal::{Refusal, UnknownKey};
use super::tree::Node;
use crate::problem::{Path, Problem, Problems};
use crate::spec::StackSpec;

/// What could be read, and what could not.
pub(crate) struct Reading {
    /// The stack without its malformed parts; nothing where too little is left to be a stack.
    pub(crate) spec: Option<StackSpec>,
    pub(crate) problems: Problems,
    /// Required entries that are not there.
    missing: Vec<Problem>,
    /// What was taken out, or replaced by a stand-in, before the rest could be read.
    pub(crate) removed: Vec<Path>,
}

/// Reads a stack; `stand_in` supplies required entries of the top level that are missing or malformed, so that the
/// rest can still be checked.
pub(crate) fn read(tree: &Node, stand_in: &Node) -> Reading {
    let mut tree = tree.clone();
    let mut reading =
        Reading { spec: None, problems: Problems::new(), missing: Vec::new(), removed: Vec::new() };
    // What is taken out may hold unknown keys: those of every turn count.
    let mut unknown_keys: BTreeMap<Path, UnknownKey> = BTreeMap::new();
    // Each turn takes something out of the tree, so the number of turns is bounded by the size of the text.
    loop {
        let unknown = RefCell::new(Vec::new());
        let result = serde::Deserialize::deserialize(NodeDeserializer::new(&tree, &unknown));
        unknown_keys.extend(unknown.into_inner().into_iter().map(|key| (key.problem.path.clone(), key)));
        let go_on = match result {
            Ok(spec) => {
                reading.spec = Some(spec);
                false
            }
            Err(refusal) => reading.take_out(&mut tree, stand_in, refusal),
        };
        if !go_on {
            // What was meant is taken for said: to miss it would be to report the same mistake again.
            let meant = |path: &Path| unknown_keys.values().any(|key| key.meant.as_ref() == Some(path));
            let missing = std::mem::take(&mut reading.missing);
            reading.problems.extend(missing.into_iter().filter(|problem| !meant(&problem.path)));
            for key in unknown_keys.into_values() {
                reading.problems.push(key.problem);
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
            // What is missing or is no single value has the place of the key above it.
            let is_word = tree.at(&place).is_some_and(Node::is_scalar);
            let location = location.filter(|_| is_word).map(|location| *location);
            let problem = Problem { path: place.clone(), message, hint, location };
            if missing {
                self.missing.push(problem);
            } else {
                self.problems.push(problem);
            }
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

    /// Whether a rule's answer is about something that could be read. What else the rule reads, it has asked about itself.
    pub(crate) fn can_trust(&self, problem: &Problem) -> bool {
        !self
            .removed
            .iter()
            .any(|removed| removed.holds(&problem.path) || removed.item_of(&problem.path).is_some())
    }
}
