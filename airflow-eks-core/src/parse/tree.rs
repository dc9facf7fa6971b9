//! YAML as a tree in which every key and value knows its place in the text.
//!
//! Scalars keep their text as written. What `1.30` or `on` means is decided by the type that receives it, so a string
//! field gets exactly the characters that stand in the file.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, Tag};

use crate::problem::{Location, Path, Problem, Segment};
use crate::types::shown;

/// Nesting beyond this is refused, so that no input can exhaust the stack.
const DEEPEST: usize = 64;
/// Nodes beyond this are refused, so that aliases cannot blow a small text up.
const MOST_NODES: usize = 200_000;

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
            self.value = Value::Mapping(Vec::new());
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

/// Reads one YAML document.
///
/// # Errors
/// One problem: where the text stops being YAML that can be taken apart without doubt.
pub(crate) fn read(text: &str, file: &str) -> Result<Node, Box<Problem>> {
    let mut builder =
        Builder { open: Vec::new(), anchors: BTreeMap::new(), documents: 0, nodes: 0, root: None };
    for item in Parser::new_from_str(text) {
        let (event, span) = item.map_err(|error| {
            let location = location(file, error.marker());
            Box::new(Problem {
                path: Path::root(),
                message: format!("is not YAML: {}", error.info()),
                hint: Some(advice(error.kind()).to_owned()),
                location: Some(location),
            })
        })?;
        builder.event(event, location(file, &span.start))?;
    }
    Ok(builder
        .root
        .unwrap_or_else(|| Node::empty_mapping(Location { file: file.to_owned(), line: 1, column: 1 })))
}

/// What to do about a text that is no YAML.
fn advice(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnknownAnchor => {
            "write `&` and the name before the value that is meant, or write the value out"
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "indent with spaces"
        }
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::MappingValueNotAllowed => {
            "write the value in quotes, if the character belongs to it"
        }
        ErrorKind::SimpleKeyExpected => "write `key: value`",
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            "write the character itself; in single quotes a `\\` is just that"
        }
        _ => "check the indentation, quotes and brackets here and in the lines above",
    }
}

fn location(file: &str, marker: &Marker) -> Location {
    Location { file: file.to_owned(), line: marker.line(), column: marker.col() + 1 }
}

/// A collection that is not yet closed.
struct Open {
    location: Location,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    /// `known` has the line of each key.
    Mapping {
        entries: Vec<Entry>,
        known: BTreeMap<String, usize>,
        key: Option<(String, Location)>,
    },
}

struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    documents: usize,
    nodes: usize,
    root: Option<Node>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, location: Location) -> Result<(), Box<Problem>> {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(refuse(
                        location,
                        "begins a second document",
                        "a stack is one YAML document; remove `---`",
                    ));
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                no_tag(tag.as_deref().filter(|tag| !tag.is_yaml_core_schema_tag("str")), &location)?;
                self.add(Node { location, value: Value::Scalar { text: text.into_owned(), plain } }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                no_tag(tag.as_deref(), &location)?;
                self.begin(location, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                no_tag(tag.as_deref(), &location)?;
                let content = Content::Mapping { entries: Vec::new(), known: BTreeMap::new(), key: None };
                self.begin(location, anchor, content)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { location, anchor, content: Content::Sequence(items) }) => {
                    self.add(Node { location, value: Value::Sequence(items) }, anchor)
                }
                Some(Open { location, anchor, content: Content::Mapping { entries, .. } }) => {
                    self.add(Node { location, value: Value::Mapping(entries) }, anchor)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(mut node) => {
                    if self.open.len() + depth(&node) > DEEPEST {
                        return Err(too_deep(location));
                    }
                    node.location = location;
                    self.nodes += count(&node);
                    self.add(node, 0)
                }
                None => Err(refuse(
                    location,
                    "refers to an anchor that is not yet complete",
                    "write the value out",
                )),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, location: Location, anchor: usize, content: Content) -> Result<(), Box<Problem>> {
        if self.open.len() >= DEEPEST {
            return Err(too_deep(location));
        }
        self.open.push(Open { location, anchor, content });
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Box<Problem>> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message =
                format!("the document has more than {MOST_NODES} values once its aliases are written out");
            return Err(refuse(node.location, &message, "use fewer aliases"));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::Sequence(items), .. }) => items.push(node),
            Some(Open { content: Content::Mapping { entries, known, key }, .. }) => match key.take() {
                None => match node.value {
                    Value::Scalar { text, .. } => *key = Some((text, node.location)),
                    _ => {
                        return Err(refuse(
                            node.location,
                            "is a list or a mapping where a key belongs",
                            "write a single word before the colon",
                        ));
                    }
                },
                Some((name, key_location)) => {
                    if let Some(line) = known.insert(name.clone(), key_location.line) {
                        let message = format!(
                            "{} stands here a second time; the first is in line {line}",
                            shown(&name)
                        );
                        return Err(refuse(key_location, &message, "keep one of the two"));
                    }
                    entries.push(Entry { key: name, key_location, node });
                }
            },
        }
        Ok(())
    }
}

fn count(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } | Value::Hole => 1,
        Value::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.node)).sum::<usize>(),
    }
}

/// How many levels of lists and mappings there are.
fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Scalar { .. } | Value::Hole => 0,
        Value::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| depth(&entry.node)).max().unwrap_or(0),
    }
}

fn no_tag(tag: Option<&Tag>, location: &Location) -> Result<(), Box<Problem>> {
    let Some(tag) = tag else { return Ok(()) };
    let message =
        format!("carries the tag {}", shown(&tag.to_string().replacen("tag:yaml.org,2002:", "!!", 1)));
    Err(refuse(location.clone(), &message, "leave the tag out; the field itself decides the type"))
}

fn too_deep(location: Location) -> Box<Problem> {
    let message = format!("is nested more than {DEEPEST} levels deep");
    refuse(location, &message, "no part of a stack is that deep; check the brackets")
}

fn refuse(location: Location, message: &str, hint: &str) -> Box<Problem> {
    Box::new(Problem {
        path: Path::root(),
        message: message.to_owned(),
        hint: Some(hint.to_owned()),
        location: Some(location),
    })
}
