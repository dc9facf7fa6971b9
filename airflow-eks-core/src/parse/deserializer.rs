//! Serde over the located tree: each value is read as the type that receives it says.
//!
//! Unknown keys are recorded and skipped, so one pass finds all of them. The first value that a type refuses ends the
//! pass; `recover` notes it, takes it out and passes again.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::tree::{Entry, Node, Value};
use crate::problem::{Location, Path, Problem};
use crate::types::{HINT_MARK, shown};

/// A value that its type refused.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) path: Path,
    /// Boxed: every result of this module carries room for a refusal.
    pub(crate) location: Option<Box<Location>>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// Set where a required entry is missing from the mapping at `path`.
    pub(crate) missing: Option<&'static str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// Adds the place to a refusal that has none yet.
    fn placed(mut self, path: &Path, location: &Location) -> Self {
        if self.location.is_none() {
            self.location = Some(Box::new(location.clone()));
            self.path = path.clone();
        }
        self
    }

    fn new(message: String, hint: Option<String>) -> Self {
        Self { path: Path::root(), location: None, message, hint, missing: None }
    }
}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        match text.split_once(HINT_MARK) {
            Some((message, hint)) => Self::new(message.to_owned(), Some(hint.to_owned())),
            None => Self::new(text, Some("write what the JSON Schema of a stack allows here".to_owned())),
        }
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let (what, hint) = match unexpected {
            de::Unexpected::Bool(switch) => {
                (format!("`{switch}`"), "put it in quotes, if it is meant as a text")
            }
            de::Unexpected::Unit => ("empty".to_owned(), "write a value, or remove the key"),
            de::Unexpected::Seq => ("a list".to_owned(), "write a single value"),
            de::Unexpected::Map => ("a mapping".to_owned(), "write a single value"),
            other => (other.to_string(), "write a value of that type"),
        };
        Self::new(format!("is {what} where {expected} belongs"), Some(hint.to_owned()))
    }

    fn missing_field(field: &'static str) -> Self {
        let message = format!("`{field}` is missing");
        Self { missing: Some(field), ..Self::new(message, Some(format!("add `{field}: …` here"))) }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(
            format!("{} is not a value of this field", shown(variant)),
            Some(choices(variant, expected)),
        )
    }
}

/// "did you mean", or the list of what there is.
fn choices(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`? It can be: {}", known.join(", ")),
        None => format!("it can be: {}", known.join(", ")),
    }
}

/// The known word that a person most likely meant: one that begins with what was written, or is nearly the same.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let word = plain(word);
    known
        .iter()
        .map(|candidate| {
            let begins = word.len() >= 3 && plain(candidate).starts_with(&word);
            let distance = strsim::damerau_levenshtein(&word, &plain(candidate));
            (if begins { distance.min(1) } else { distance }, !begins, *candidate)
        })
        .filter(|(distance, _, candidate)| *distance <= 1 + candidate.len() / 4)
        .min_by_key(|(distance, differs, _)| (*distance, *differs))
        .map(|(_, _, candidate)| candidate)
}

/// A key that no type asked for.
#[derive(Debug)]
pub(crate) struct UnknownKey {
    pub(crate) problem: Problem,
    /// The place of the key that was most likely meant.
    pub(crate) meant: Option<Path>,
}

/// Reads one node as whatever type asks for it.
pub(crate) struct NodeDeserializer<'a> {
    node: &'a Node,
    path: Path,
    unknown: &'a RefCell<Vec<UnknownKey>>,
}

impl<'a> NodeDeserializer<'a> {
    pub(crate) fn new(node: &'a Node, unknown: &'a RefCell<Vec<UnknownKey>>) -> Self {
        Self { node, path: Path::root(), unknown }
    }

    fn refuse<T>(&self, message: String, hint: &str) -> Result<T, Refusal> {
        Err(self.place(Refusal::new(message, Some(hint.to_owned()))))
    }

    fn place(&self, refusal: Refusal) -> Refusal {
        refusal.placed(&self.path, &self.node.location)
    }

    fn scalar(&self, wanted: &str) -> Result<(&'a str, bool), Refusal> {
        match &self.node.value {
            Value::Scalar { text, plain } if !self.node.is_null() => Ok((text, *plain)),
            _ => self.refuse(
                format!("is {} where {wanted} belongs", self.node.kind()),
                if self.node.is_null() {
                    "write a value, or remove the key if it has a default"
                } else {
                    "write a single value"
                },
            ),
        }
    }

    fn number<T: std::str::FromStr>(&self, wanted: &str) -> Result<T, Refusal> {
        let (text, plain) = self.scalar(wanted)?;
        if !plain {
            return self.quoted(text, wanted);
        }
        text.parse().or_else(|_| {
            let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
            self.refuse(
                format!("{} is not {wanted}", shown(text)),
                if is_number { "write such a number" } else { "write digits only, without a unit" },
            )
        })
    }

    /// Refuses a text in quotes, where quotes make it something else than what `wanted` says.
    fn quoted<T>(&self, text: &str, wanted: &str) -> Result<T, Refusal> {
        let message = format!("{} is a text in quotes where {wanted} belongs", shown(text));
        self.refuse(message, "leave the quotes out")
    }

    fn unknown_key(&self, entry: &Entry, known: &[&str]) {
        let hint = match entry.key.as_str() {
            "<<" => "YAML 1.2 has no merge keys: write the keys out".to_owned(),
            _ if known.is_empty() => "remove it".to_owned(),
            key => choices(key, known),
        };
        let problem = Problem {
            path: self.path.key(&entry.key),
            message: format!("{} is not a known key here", shown(&entry.key)),
            hint: Some(hint),
            location: Some(entry.key_location.clone()),
        };
        let meant = nearest(&entry.key, known).map(|key| self.path.key(key));
        self.unknown.borrow_mut().push(UnknownKey { problem, meant });
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $wanted:literal;)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            let number: $type = self.number($wanted)?;
            visitor.$visit(number).map_err(|refusal: Refusal| self.place(refusal))
        }
    )+ };
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'_> {
    type Error = Refusal;

    numbers! {
        deserialize_i8 visit_i8 i8, "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16, "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32, "a whole number of at most 2147483647";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, "a whole number from 0";
        deserialize_f32 visit_f32 f32, "a number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let value = match self.scalar("`true` or `false`")? {
            ("true", true) => true,
            ("false", true) => false,
            (text, false) => return self.quoted(text, "`true` or `false`"),
            (text, true) => {
                let message = format!("{} is not `true` or `false`", shown(text));
                return self.refuse(message, "write true or false");
            }
        };
        visitor.visit_bool(value)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let (text, _) = self.scalar("a word")?;
        visitor.visit_str(text).map_err(|refusal: Refusal| self.place(refusal))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.node.is_null() {
            visitor.visit_unit()
        } else {
            self.refuse("has a value".to_owned(), "leave it empty")
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match &self.node.value {
            Value::Sequence(items) => {
                visitor.visit_seq(Items { items: items.iter().enumerate(), parent: &self })
            }
            _ if self.node.is_null() => {
                visitor.visit_seq(Items { items: [].iter().enumerate(), parent: &self })
            }
            _ => self.refuse(
                format!("is {} where a list belongs", self.node.kind()),
                "write `- …` lines, or `[…, …]`",
            ),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let entries: Vec<&Entry> = match &self.node.value {
            Value::Mapping(entries) => entries.iter().collect(),
            _ if self.node.is_null() => Vec::new(),
            _ => {
                let message = format!("is {} where a mapping belongs", self.node.kind());
                return self.refuse(message, "write `key: value` lines, indented below");
            }
        };
        visitor
            .visit_map(Entries { entries: entries.into_iter(), current: None, parent: &self })
            .map_err(|refusal| self.place(refusal))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let entries: Vec<&Entry> = match &self.node.value {
            Value::Mapping(entries) => {
                let (known, unknown): (Vec<_>, Vec<_>) =
                    entries.iter().partition(|entry| fields.contains(&entry.key.as_str()));
                unknown.into_iter().for_each(|entry| self.unknown_key(entry, fields));
                known
            }
            _ if self.node.is_null() => Vec::new(),
            _ => {
                let message = format!("is {} where a mapping belongs", self.node.kind());
                return self.refuse(
                    message,
                    &format!("write `key: value` lines below; the keys are: {}", fields.join(", ")),
                );
            }
        };
        visitor
            .visit_map(Entries { entries: entries.into_iter(), current: None, parent: &self })
            .map_err(|refusal| self.place(refusal))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let choice = match &self.node.value {
            Value::Scalar { text, .. } if !self.node.is_null() => {
                Choice { name: text, content: None, parent: &self }
            }
            Value::Mapping(entries) => match entries.as_slice() {
                [entry] => Choice { name: &entry.key, content: Some(&entry.node), parent: &self },
                _ => {
                    return self.refuse(
                        "is not exactly one choice".to_owned(),
                        &format!("keep one of: {}", variants.join(", ")),
                    );
                }
            },
            _ => {
                let message = format!("is {} where one of a few words belongs", self.node.kind());
                return self.refuse(message, &format!("write one of: {}", variants.join(", ")));
            }
        };
        visitor.visit_enum(choice).map_err(|refusal| self.place(refusal))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match &self.node.value {
            Value::Hole => visitor.visit_unit(),
            _ if self.node.is_null() => visitor.visit_unit(),
            Value::Sequence(_) => self.deserialize_seq(visitor),
            Value::Mapping(_) => self.deserialize_map(visitor),
            Value::Scalar { text, plain: false } => {
                visitor.visit_str(text).map_err(|r: Refusal| self.place(r))
            }
            Value::Scalar { text, plain: true } => match text.as_str() {
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                text => match (whole(text), fraction(text)) {
                    (Some(number), _) => visitor.visit_i64(number),
                    (None, Some(number)) => visitor.visit_f64(number),
                    (None, None) => visitor.visit_str(text),
                },
            }
            .map_err(|refusal: Refusal| self.place(refusal)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }
}

/// A whole number as YAML 1.2's core schema and JSON agree on it.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let decimal = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    (decimal && (digits == "0" || !digits.starts_with('0'))).then(|| text.parse().ok()).flatten()
}

/// A decimal fraction: digits, a point, digits.
fn fraction(text: &str) -> Option<f64> {
    let (before, after) = text.strip_prefix('-').unwrap_or(text).split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    (digits(before) && digits(after)).then(|| text.parse().ok()).flatten()
}

struct Items<'a, 'b> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
    parent: &'b NodeDeserializer<'a>,
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = Refusal;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some((index, node)) = self.items.find(|(_, node)| !matches!(node.value, Value::Hole)) else {
            return Ok(None);
        };
        let path = self.parent.path.index(index);
        // A type that reads a text and then checks it refuses here, after the text itself was read without complaint.
        let item = NodeDeserializer { node, path: path.clone(), unknown: self.parent.unknown };
        seed.deserialize(item).map(Some).map_err(|refusal| refusal.placed(&path, &node.location))
    }
}

struct Entries<'a, 'b> {
    entries: std::vec::IntoIter<&'a Entry>,
    current: Option<&'a Entry>,
    parent: &'b NodeDeserializer<'a>,
}

impl<'de> de::MapAccess<'de> for Entries<'_, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        self.current = self.entries.next();
        let Some(entry) = self.current else { return Ok(None) };
        seed.deserialize(entry.key.as_str().into_deserializer()).map(Some).map_err(|mut refusal: Refusal| {
            refusal.path = self.parent.path.key(&entry.key);
            refusal.location = Some(Box::new(entry.key_location.clone()));
            refusal.message = format!("the key {}", refusal.message);
            refusal
        })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let Some(entry) = self.current.take() else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        let path = self.parent.path.key(&entry.key);
        let value = NodeDeserializer { node: &entry.node, path: path.clone(), unknown: self.parent.unknown };
        seed.deserialize(value).map_err(|refusal| refusal.placed(&path, &entry.node.location))
    }
}

struct Choice<'a, 'b> {
    name: &'a str,
    content: Option<&'a Node>,
    parent: &'b NodeDeserializer<'a>,
}

impl<'de, 'a, 'b> de::EnumAccess<'de> for Choice<'a, 'b> {
    type Error = Refusal;
    type Variant = Self;
    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Refusal> {
        let variant = seed.deserialize(self.name.into_deserializer())?;
        Ok((variant, self))
    }
}

impl<'a> Choice<'a, '_> {
    fn content(&self) -> Result<NodeDeserializer<'a>, Refusal> {
        let Some(node) = self.content else {
            let message = format!("`{}` needs settings of its own", self.name.escape_debug());
            return self
                .parent
                .refuse(message, &format!("write `{}:` with its settings below it", self.name));
        };
        let path = self.parent.path.key(self.name);
        Ok(NodeDeserializer { node, path, unknown: self.parent.unknown })
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'_, '_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        match self.content {
            Some(node) if !node.is_null() => {
                let message = format!("`{}` has no settings of its own", self.name.escape_debug());
                self.parent.refuse(message, &format!("write just `{}`", self.name))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refusal> {
        let content = self.content()?;
        let (path, location) = (content.path.clone(), &content.node.location);
        seed.deserialize(content).map_err(|refusal| refusal.placed(&path, location))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_seq(self.content()?, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_struct(self.content()?, "", fields, visitor)
    }
}
