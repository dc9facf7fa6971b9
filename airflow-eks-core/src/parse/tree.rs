//! YAML as a tree in which every key and value knows its place in the text.
//!
//! Scalars keep their text as written. What `1.30` or `on` means is decided by the type that receives it, so a string
//! field gets exactly the characters that stand in the file.

use crate::problem::{Location, Path, Segment};
use crate::types::shown;

/// Nesting beyond this is refused, so that no input can exhaust the stack.
pub(super) const DEEPEST: usize = 64;

/// A value with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) location: Location,
    pub(crate) value: Value,
}

/// What stands at a place.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A scalar's text after escapes; `plain` where no quotes or block marks were used.
    Scalar {
        text: String,
        plain: bool,
    },
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
    /// A list item that was taken out: its neighbours keep their positions.
    Hole,
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_location: Location,
    pub(crate) node: Node,
}

impl Node {
    /// What YAML reads as nothing at all.
    pub(crate) fn null(location: Location) -> Self {
        Self { location, value: Value::Scalar { text: String::new(), plain: true } }
    }

    pub(crate) fn empty_mapping(location: Location) -> Self {
        Self { location, value: Value::Mapping(Vec::new()) }
    }

    /// Whether YAML reads the value as nothing at all.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether this is a single value.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.value, Value::Scalar { .. })
    }

    /// A word for what stands here, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "empty",
            Value::Scalar { .. } => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Hole => "empty",
        }
    }

    /// Gives this node and all below it one place.
    pub(crate) fn relocate(&mut self, location: &Location) {
        self.location = location.clone();
        match &mut self.value {
            Value::Sequence(items) => items.iter_mut().for_each(|item| item.relocate(location)),
            Value::Mapping(entries) => entries.iter_mut().for_each(|entry| {
                entry.key_location = location.clone();
                entry.node.relocate(location);
            }),
            Value::Scalar { .. } | Value::Hole => {}
        }
    }

    fn child(&self, segment: &Segment) -> Option<&Self> {
        match (&self.value, segment) {
            (Value::Mapping(entries), Segment::Key(key)) => {
                entries.iter().find(|entry| &entry.key == key).map(|entry| &entry.node)
            }
            (Value::Sequence(items), Segment::Index(index)) => items.get(*index),
            _ => None,
        }
    }

    fn child_mut(&mut self, segment: &Segment) -> Option<&mut Self> {
        match (&mut self.value, segment) {
            (Value::Mapping(entries), Segment::Key(key)) => {
                entries.iter_mut().find(|entry| &entry.key == key).map(|entry| &mut entry.node)
            }
            (Value::Sequence(items), Segment::Index(index)) => items.get_mut(*index),
            _ => None,
        }
    }

    /// What stands at `path`.
    pub(crate) fn at(&self, path: &Path) -> Option<&Self> {
        path.segments().iter().try_fold(self, |node, segment| node.child(segment))
    }

    /// The place of `path`, or of the nearest place above it that is written out.
    pub(crate) fn locate(&self, path: &Path) -> Location {
        let (mut node, mut location) = (self, self.location.clone());
        for segment in path.segments() {
            let Some(child) = node.child(segment) else { break };
            location = match &node.value {
                Value::Mapping(entries) if matches!(child.value, Value::Mapping(_) | Value::Sequence(_)) => {
                    entries
                        .iter()
                        .find(|entry| std::ptr::eq(&raw const entry.node, child))
                        .map_or_else(|| child.location.clone(), |entry| entry.key_location.clone())
                }
                _ => child.location.clone(),
            };
            node = child;
        }
        location
    }

    /// Removes what stands at `path`; says whether there was something.
    pub(crate) fn remove(&mut self, path: &Path) -> bool {
        let Some((last, above)) = path.segments().split_last() else { return false };
        let Some(parent) = above.iter().try_fold(self, |node, segment| node.child_mut(segment)) else {
            return false;
        };
        match (&mut parent.value, last) {
            (Value::Mapping(entries), Segment::Key(key)) => {
                let before = entries.len();
                entries.retain(|entry| &entry.key != key);
                entries.len() < before
            }
            (Value::Sequence(items), Segment::Index(index)) => match items.get_mut(*index) {
                Some(item) => !matches!(std::mem::replace(&mut item.value, Value::Hole), Value::Hole),
                None => false,
            },
            _ => false,
        }
    }

    /// Puts `value` at `path`, making the mappings above it where they are missing.
    ///
    /// # Errors
    /// Says which part of the path cannot be entered, and what to do about it.
    pub(crate) fn set(&mut self, path: &Path, value: Self) -> Result<(), (String, String)> {
        if path.segments().len() + depth(&value) > DEEPEST {
            let message = format!("leads more than {DEEPEST} levels down");
            return Err((message, "shorten the path: no part of a stack is that deep".to_owned()));
        }
        self.set_below(path.segments(), value)
    }

    fn set_below(&mut self, segments: &[Segment], value: Self) -> Result<(), (String, String)> {
        let Some((segment, rest)) = segments.split_first() else {
            *self = value;
            return Ok(());
        };
        if self.is_null() {
            self.value = match segment {
                Segment::Key(_) => Value::Mapping(Vec::new()),
                Segment::Index(_) => Value::Sequence(Vec::new()),
            };
        }
        let kind = self.kind();
        let mut new = Self::empty_mapping(value.location.clone());
        match (&mut self.value, segment) {
            (Value::Mapping(entries), Segment::Key(key)) => {
                if let Some(entry) = entries.iter_mut().find(|entry| &entry.key == key) {
                    return entry.node.set_below(rest, value);
                }
                let key_location = value.location.clone();
                new.set_below(rest, value)?;
                entries.push(Entry { key: key.clone(), key_location, node: new });
                Ok(())
            }
            (Value::Sequence(items), Segment::Index(index)) => {
                if *index == items.len() {
                    items.push(new);
                }
                let count = items.len();
                match items.get_mut(*index) {
                    Some(item) => item.set_below(rest, value),
                    None => Err((
                        format!("position {index} is beyond the end of a list of {count}"),
                        format!("the next free position is {count}"),
                    )),
                }
            }
            (here, segment) => {
                let message = match segment {
                    Segment::Key(key) => format!("{} cannot be set in {kind}", shown(key)),
                    Segment::Index(index) => format!("position {index} cannot be set in {kind}"),
                };
                let hint = match here {
                    Value::Sequence(_) => "name an item of a list by its position, such as [0]",
                    Value::Mapping(_) => "name an entry of a mapping by its key",
                    _ => "a single value has no parts: shorten the path",
                };
                Err((message, hint.to_owned()))
            }
        }
    }
}

/// How many values there are.
pub(super) fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } | Value::Hole => 1,
        Value::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.node)).sum::<usize>(),
    }
}

/// How many levels of lists and mappings there are.
pub(super) fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } | Value::Hole => 0,
        Value::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| depth(&entry.node)).max().unwrap_or(0),
    }
}
