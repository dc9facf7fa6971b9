//! Serde over the located tree: each value is read as the type that receives it says.
//!
//! Unknown keys are recorded and skipped, so one pass finds all of them. The first value that a type refuses ends the
//! pass; `recover` notes it, takes it out and passes again.

use std::cell::RefCell;

use serde::de::{self, Visitor};

use super::access::{Choice, Entries, Items};
use super::refusal::{Refusal, UnknownKey, choices, nearest};
use super::tree::{Entry, Node, Value};
use crate::problem::{Path, Problem};
use crate::types::shown;

/// Reads one node as whatever type asks for it.
pub(crate) struct NodeDeserializer<'a> {
    pub(super) node: &'a Node,
    pub(super) path: Path,
    pub(super) unknown: &'a RefCell<Vec<UnknownKey>>,
}

impl<'a> NodeDeserializer<'a> {
    pub(crate) fn new(node: &'a Node, unknown: &'a RefCell<Vec<UnknownKey>>) -> Self {
        Self { node, path: Path::root(), unknown }
    }

    pub(super) fn refuse<T>(&self, message: String, hint: &str) -> Result<T, Refusal> {
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
