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

/// One failure among others.
#[cfg(feature = "k8s")]
pub(super) fn problem_line(message: &str, hint: Option<&str>) -> String {
    let hint = hint.map(|hint| format!("\n  {HELP}help{HELP:#}: {hint}")).unwrap_or_default();
    format!("{ERROR}failed{ERROR:#} {message}{hint}")
}

/// A plan, a line a resource and a line a field.
#[cfg(feature = "k8s")]
pub(super) fn plan(plan: &airflow_eks_core::plan::Plan) -> String {
    use airflow_eks_core::plan::Marker;
    let mut text = String::new();
    for line in plan.lines() {
        let style = match line.marker {
            Marker::Create => AnsiColor::Green.on_default(),
            Marker::Update | Marker::Wait => AnsiColor::Yellow.on_default(),
            Marker::Delete | Marker::Replace | Marker::Blocked => AnsiColor::Red.on_default(),
            _ => Style::new(),
        };
        let _ = writeln!(text, "{style}{line}{style:#}");
    }
    text
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
