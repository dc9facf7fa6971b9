//! The lines that are told: each once, and no more than fit.

use crate::plain_text::{LOG_LINE, SENTENCE, clean};

/// A screen beside what the caller says.
const MOST: usize = 25;

/// What is told so far.
#[derive(Default)]
pub(super) struct Lines(Vec<String>);

impl Lines {
    /// Tells something, unless it has been told.
    pub(super) fn push(&mut self, text: &str) {
        let text = clean(text, SENTENCE);
        if !text.is_empty() && !self.0.contains(&text) {
            self.0.push(text);
        }
    }

    /// Tells lines of a log as they are, repetitions too.
    pub(super) fn push_log<'a>(&mut self, log: impl IntoIterator<Item = &'a str>) {
        self.0.extend(log.into_iter().map(|line| format!("  | {}", clean(line, LOG_LINE))));
    }

    /// Whether a line says the same already, be it of another pod.
    pub(super) fn tell_of(&self, text: &str) -> bool {
        let text = shape(&clean(text, SENTENCE));
        self.0.iter().any(|line| shape(line).contains(&text))
    }

    /// Whether nothing is told yet.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_texts(mut self) -> Vec<String> {
        self.0.truncate(MOST);
        self.0
    }
}

/// A sentence without what differs from pod to pod: quoted names and numbers.
pub(super) fn shape(sentence: &str) -> String {
    let unquoted: String = sentence.split('"').step_by(2).collect();
    unquoted.chars().filter(|character| !character.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_another_pod_is_told_already() {
        let mut lines = Lines::default();
        lines.push("ReplicaSet web-1: FailedCreate: pods \"web-1-a\" is forbidden: exceeded quota: small, used: pods=8");
        assert!(lines.tell_of("pods \"web-1-b\" is forbidden: exceeded quota: small, used: pods=9"));
        assert!(!lines.tell_of("pods \"web-1-b\" is forbidden: exceeded quota: large, used: pods=9"));
    }

    #[test]
    fn each_sentence_once_and_a_screen_at_most() {
        let mut lines = Lines::default();
        lines.push("same");
        lines.push("same");
        lines.push("");
        lines.push_log(["again"; 40]);
        let texts = lines.into_texts();
        assert_eq!((texts.len(), texts[0].as_str(), texts[1].as_str()), (25, "same", "  | again"));
    }
}
