//! Why an object did not become ready.

use std::fmt;

/// Why an object did not become ready. It names neither the object nor the operation: the caller does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotReady {
    /// What the object says, in one line.
    pub reason: String,
    /// What explains it, the most telling first: at most a screen of lines.
    pub cause: Vec<String>,
    /// Whether the time was up; otherwise waiting had become pointless.
    pub timed_out: bool,
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        self.cause.iter().try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl std::error::Error for NotReady {}
