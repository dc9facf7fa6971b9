//! The question before a change.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use crate::args::Run;
use crate::error::Error;

/// Asks, unless `--yes` was given. Without a terminal nobody can answer, and nothing is asked.
pub(crate) fn confirm(run: &Run, what: &str, nothing: &str) -> Result<(), Error> {
    if run.yes {
        return Ok(());
    }
    let refused = |hint: &str| Err(Error::Refused { message: nothing.to_owned(), hint: hint.to_owned() });
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return refused("there is no terminal to ask on: add `--yes`");
    }
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "Do you want to {what}? [y/N] ");
    let _ = stderr.flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => refused("answer `y` to go on"),
    }
}
