//! What is wrong with a stack: every problem at once, each with its place and a way out.

use std::collections::BTreeSet;
use std::fmt;

/// Where in the stack something stands: `airflow.scheduler.replicas`, `nodeGroups[0].name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The key of a mapping.
    Key(String),
    /// The position in a list, counted from 0.
    Index(usize),
}

impl Path {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// This place's entry `key`.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut segments = self.0.clone();
        segments.push(Segment::Key(key.to_owned()));
        Self(segments)
    }

    /// This place's list item number `index`, counted from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut segments = self.0.clone();
        segments.push(Segment::Index(index));
        Self(segments)
    }

    /// The steps from the root.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The place that holds this one; the root has none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, rest)| Self(rest.to_vec()))
    }

    /// The position of this place, where it is an item of `list`.
    pub(crate) fn item_of(&self, list: &Self) -> Option<usize> {
        match self.0.split_last() {
            Some((Segment::Index(index), above)) if above == list.0 => Some(*index),
            _ => None,
        }
    }

    /// This place as it was before list items were removed: those before it count again.
    pub(crate) fn before_removing(&self, removed: &[Self]) -> Self {
        let mut place = Self::root();
        for segment in &self.0 {
            place = match segment {
                Segment::Key(key) => place.key(key),
                Segment::Index(index) => {
                    let holes: BTreeSet<usize> =
                        removed.iter().filter_map(|path| path.item_of(&place)).collect();
                    let position =
                        holes.into_iter().fold(*index, |at, hole| if hole <= at { at + 1 } else { at });
                    place.index(position)
                }
            };
        }
        place
    }

    /// Whether `other` is this place or within it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl std::str::FromStr for Path {
    type Err = String;

    /// Reads `a.b[0].c`; a key that holds dots is written in brackets: `labels["example.com/team"]`.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = |what: &str| format!("{} is not a path: {what}", crate::types::shown(text));
        let mut path = Self::root();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix("[\"") {
                let (key, after) = inner.split_once("\"]").ok_or_else(|| bad("`[\"` is not closed"))?;
                path.0.push(Segment::Key(key.to_owned()));
                rest = after;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (index, after) = inner.split_once(']').ok_or_else(|| bad("`[` is not closed"))?;
                let index = index.parse().map_err(|_| bad("a position is a whole number"))?;
                path.0.push(Segment::Index(index));
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                if end == 0 {
                    return Err(bad("a key is empty"));
                }
                path.0.push(Segment::Key(rest[..end].to_owned()));
                rest = &rest[end..];
            }
            if let Some(after) = rest.strip_prefix('.') {
                if after.is_empty() {
                    return Err(bad("it ends with a dot"));
                }
                rest = after;
            }
        }
        if path.0.is_empty() { Err(bad("it is empty")) } else { Ok(path) }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if !is_plain(key) => {
                    write!(f, "[\"{}\"]", key.escape_debug())?;
                }
                Segment::Key(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    write!(f, "{dot}{}", key.escape_debug())?;
                }
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can stand in a path as it is.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// A place in a text: a file's name, or what stands for it, with line and column counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, `<stdin>`, or the option that gave the value.
    pub file: String,
    /// Counted from 1; 0 where the source has no lines, such as `--set`.
    pub line: usize,
    /// In characters, counted from 1; 0 where the source has no columns.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            f.write_str(&self.file)
        } else {
            write!(f, "{}:{}:{}", self.file, self.line, self.column)
        }
    }
}

/// One mistake in a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place in the stack.
    pub path: Path,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The place in the text, where the stack was read from one.
    pub location: Option<Location>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        if !self.path.segments().is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  help: {hint}"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a stack, in the order of the text. Never empty where it is returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// No problems yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem with what to do about it.
    pub fn add(&mut self, path: Path, message: impl Into<String>, hint: impl Into<String>) {
        self.0.push(Problem { path, message: message.into(), hint: Some(hint.into()), location: None });
    }

    /// Adds a problem that was made elsewhere.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// Completes and orders the problems by the text that the stack was read from.
    pub(crate) fn located(mut self, locate: impl Fn(&Path) -> Option<Location>) -> Self {
        for problem in &mut self.0 {
            if problem.location.is_none() {
                problem.location = locate(&problem.path);
            }
        }
        self.0.sort_by(|a, b| (&a.location, &a.path, &a.message).cmp(&(&b.location, &b.path, &b.message)));
        self.0.dedup();
        self
    }

    /// `Ok(value)` where there are none.
    pub(crate) fn or(self, value: impl FnOnce() -> crate::Stack) -> Result<crate::Stack, Self> {
        if self.is_empty() { Ok(value()) } else { Err(self) }
    }
}

impl Extend<Problem> for Problems {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        self.0.extend(problems);
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.0.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_as_it_is_written() {
        for text in [
            "name",
            "airflow.scheduler.replicas",
            "nodeGroups[0].name",
            "labels[\"example.com/team\"]",
            "a[0][1].b",
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", ".", "a.", "a..b", "a[", "a[x]", "[\"a"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }
}
