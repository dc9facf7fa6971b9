//! A plan as lines for people. Colours are the program's.

use std::fmt;

use serde_json::Value;

use crate::graph::ResourceId;

use super::{Action, ActionKind, After, FieldChange, Plan, Step};

/// What a line speaks of: what a program may colour it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Marker {
    /// Something is made.
    Create,
    /// Something is changed.
    Update,
    /// Something is deleted and made again.
    Replace,
    /// Something is deleted.
    Delete,
    /// Something is waited for.
    Wait,
    /// Something cannot be done.
    Blocked,
    /// What to do about that.
    Hint,
    /// The last line.
    Summary,
}

impl Marker {
    /// What a line begins with.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "-/+",
            Self::Delete => "-",
            Self::Wait => "…",
            Self::Blocked => "!",
            Self::Hint => "=",
            Self::Summary => "",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it speaks of.
    pub marker: Marker,
    /// How far it is indented: 0 for a resource, 1 for a field of it.
    pub indent: usize,
    /// The text, without sign and indentation.
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.marker.sign() {
            "" => f.write_str(&self.text),
            sign => write!(f, "{:indent$}{sign:<3} {}", "", self.text, indent = 4 * self.indent),
        }
    }
}

impl Plan {
    /// The plan as lines for people. Steps that do nothing are left out.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self.steps.iter().flat_map(step).collect();
        lines.push(Line { marker: Marker::Summary, indent: 0, text: self.summary() });
        lines
    }

    /// How many steps there are of each kind, as one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let counts = self.counts();
        let parts: Vec<String> = ActionKind::ALL
            .iter()
            .filter_map(|kind| Some((kind, counts.get(kind)?)))
            .filter(|(kind, _)| **kind != ActionKind::Nothing)
            .map(|(kind, count)| match kind {
                ActionKind::Blocked => format!("{count} blocked"),
                ActionKind::Wait => format!("{count} to wait for"),
                _ => format!("{count} to {kind}"),
            })
            .collect();
        if parts.is_empty() { "Nothing to do.".to_owned() } else { format!("{}.", parts.join(", ")) }
    }
}

/// The whole plan, without colours.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn step(step: &Step) -> Vec<Line> {
    let (marker, text) = match &step.action {
        Action::Nothing => return Vec::new(),
        Action::Create { .. } => (Marker::Create, step.id.to_string()),
        Action::Update { .. } => (Marker::Update, step.id.to_string()),
        Action::Replace { forced_by, reason, .. } => {
            let reason = reason.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default();
            (Marker::Replace, format!("{} (forces: {}{reason})", step.id, forced_by.join(", ")))
        }
        Action::Delete(owned) => (Marker::Delete, format!("{} ({})", step.id, owned.physical_id)),
        Action::Wait { reason, .. } => (Marker::Wait, format!("{} (waits: {reason})", step.id)),
        Action::Blocked { reason, .. } => (Marker::Blocked, format!("{} (blocked: {reason})", step.id)),
    };
    let mut lines = vec![Line { marker, indent: 0, text }];
    if let Action::Blocked { hint: Some(hint), .. } = &step.action {
        lines.push(Line { marker: Marker::Hint, indent: 1, text: format!("hint: {hint}") });
    }
    // What is made in the cluster, `render` shows in full.
    if step.action.kind() != ActionKind::Create || matches!(step.id, ResourceId::Aws(_)) {
        lines.extend(step.action.changes().iter().map(field));
    }
    lines
}

fn field(change: &FieldChange) -> Line {
    let (marker, text) = match (&change.before, &change.after) {
        (None, after) => (Marker::Create, format!("{}: {}", change.path, shown(after))),
        (Some(before), After::Absent) => (Marker::Delete, format!("{}: {before}", change.path)),
        (Some(before), after) => (Marker::Update, format!("{}: {before} → {}", change.path, shown(after))),
    };
    let by = change.changed_by.as_ref().map(|manager| format!(" (changed by {manager})")).unwrap_or_default();
    Line { marker, indent: 1, text: format!("{text}{by}") }
}

fn shown(after: &After) -> String {
    match after {
        After::Known(value) => Value::to_string(value),
        After::KnownAfterApply => "(known after apply)".to_owned(),
        After::Absent => "(absent)".to_owned(),
    }
}
