//! Finding every malformed value, although serde stops at the first: note it, take it out, read again.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::deserializer::NodeDeserializer;
use super::refusal::{Refusal, UnknownKey};
use super::tree::Node;
use crate::problem::{Path, Problem, Problems, Segment};
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

    /// Whether a rule's answer can be trusted, although parts were taken out: not where the rule saw a default in place of
    /// what the text says. A rule that reads a second key names it, in back quotes or as one word, in its message or hint.
    pub(crate) fn can_trust(&self, problem: &Problem) -> bool {
        !self.removed.iter().any(|removed| {
            let lacks_an_item = hole_in(removed, &problem.path).is_some();
            let mentioned = !beside(removed, &problem.path) && mentions(problem, removed);
            removed.holds(&problem.path) || lacks_an_item || mentioned
        })
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
    let key_of = |segment: &Segment| match segment {
        Segment::Key(key) => Some(key.clone()),
        Segment::Index(_) => None,
    };
    let keys: Vec<String> = removed.segments().iter().filter_map(key_of).collect();
    let Some(key) = keys.last() else { return false };
    let is_own = problem.path.segments().last().and_then(key_of).as_ref() == Some(key);
    let texts = [Some(&problem.message), problem.hint.as_ref()];
    texts.into_iter().flatten().any(|text| {
        let is_key = |word: &str| word == key && key.contains(|c: char| c.is_ascii_uppercase());
        // What begins with a hyphen is an item to write, not a key that was read.
        let mut quoted = text.split('`').skip(1).step_by(2).filter(|quoted| !quoted.starts_with('-'));
        quoted.any(|quoted| speaks_of(quoted, &keys) && !is_own)
            || (key == "region" && text.contains("Region"))
            || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_key)
    })
}

/// Whether a quoted text, such as `a.b` or `a: {b: false}`, names the key at the end of `keys`, or what holds it.
fn speaks_of(quoted: &str, keys: &[String]) -> bool {
    let words = quoted.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let (Some(first), Some(last)) = (words.first(), keys.last()) else { return false };
    let holds = words.len() > 1
        && keys.iter().map(String::as_str).zip(&words).filter(|(a, b)| a == *b).count() == words.len();
    holds || (keys.iter().any(|key| key == first) && words.contains(&last.as_str()))
}

/// Whether two places lie in different items of one list, so that one says nothing about the other.
fn beside(a: &Path, b: &Path) -> bool {
    let first = a.segments().iter().zip(b.segments()).find(|(a, b)| a != b);
    matches!(first, Some((Segment::Index(_), Segment::Index(_))))
}

/// The position of the list item `hole`, where it was an item of `list`.
fn hole_in(hole: &Path, list: &Path) -> Option<usize> {
    match hole.segments().last() {
        Some(Segment::Index(index)) if hole.parent().as_ref() == Some(list) => Some(*index),
        _ => None,
    }
}
