//! YAML text → tree.

use std::collections::BTreeMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, Tag};

use super::tree::{DEEPEST, Entry, Node, Value, count, depth};
use crate::problem::{Location, Path, Problem};
use crate::types::shown;

/// Nodes beyond this are refused, so that aliases cannot blow a small text up.
const MOST_NODES: usize = 200_000;

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
