//! Text for people.

use std::fmt::Write;

use airflow_eks_core::Problem;
use anstyle::{AnsiColor, Style};

use crate::error::Error;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const HELP: Style = AnsiColor::Green.on_default().bold();
const PLACE: Style = Style::new().bold();

/// An error with what to do about it.
pub(super) fn error(error: &Error) -> String {
    let mut text = String::new();
    if let Error::Stack(problems) = error {
        for one in problems {
            text.push_str(&problem(one));
        }
    }
    let _ = write!(text, "{ERROR}error{ERROR:#}: {error}");
    if let Some(hint) = error.hint() {
        let _ = write!(text, "\n  {HELP}help{HELP:#}: {hint}");
    }
    text
}

/// A note.
pub(super) fn note(message: &str) -> String {
    format!("{NOTE}note{NOTE:#}: {message}")
}

fn problem(problem: &Problem) -> String {
    let mut text = String::new();
    if let Some(location) = &problem.location {
        let _ = write!(text, "{PLACE}{location}{PLACE:#}: ");
    }
    if !problem.path.segments().is_empty() {
        let _ = write!(text, "{}: ", problem.path);
    }
    text.push_str(&problem.message);
    if let Some(hint) = &problem.hint {
        let _ = write!(text, "\n  {HELP}help{HELP:#}: {hint}");
    }
    text.push('\n');
    text
}
