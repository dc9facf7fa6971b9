//! What the deserializer says no to: malformed values, and keys that no type asked for.

use std::fmt;

use serde::de;

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
    pub(super) fn placed(mut self, path: &Path, location: &Location) -> Self {
        if self.location.is_none() {
            self.location = Some(Box::new(location.clone()));
            self.path = path.clone();
        }
        self
    }

    pub(super) fn new(message: String, hint: Option<String>) -> Self {
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
pub(super) fn choices(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`? It can be: {}", known.join(", ")),
        None => format!("it can be: {}", known.join(", ")),
    }
}

/// The known word that a person most likely meant: one that begins with what was written, or is nearly the same.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
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
