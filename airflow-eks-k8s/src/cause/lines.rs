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

    /// Whether a line holds a text already.
    pub(super) fn tell_of(&self, text: &str) -> bool {
        let text = clean(text, SENTENCE);
        self.0.iter().any(|line| line.contains(&text))
    }

    pub(super) fn into_texts(mut self) -> Vec<String> {
        self.0.truncate(MOST);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
