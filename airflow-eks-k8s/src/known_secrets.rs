//! Secrets that this run has read, so that none of them is told: what runs may write them into its log, as a connection string
//! in the message of an exception, and the end of a log explains why something is not ready.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};

use airflow_eks_core::engine::{Failure, SecretText};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::call::escaped;

/// What stands where a secret stood.
const HIDDEN: &str = "(secret)";
/// So few characters of a secret may be anything else too.
const SHORTEST_BEGINNING: usize = 4;
/// What ends a line that was cut.
const CUT: char = '…';

/// The secrets that were put into objects.
#[derive(Default)]
pub(crate) struct KnownSecrets(Mutex<Vec<SecretText>>);

impl KnownSecrets {
    /// Notes a secret, in every form in which something may write it.
    pub(crate) fn note(&self, secret: &SecretText) {
        if secret.expose().is_empty() {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(secret) {
            return;
        }
        let percent_encoded = escaped(secret.expose());
        // In a path, and by Python's `quote`, a slash stays as it is.
        let with_slashes = percent_encoded.replace("%2F", "/");
        let base64 = STANDARD.encode(secret.expose());
        for form in
            [percent_encoded, with_slashes, base64].map(SecretText::new).into_iter().chain([secret.clone()])
        {
            if !known.contains(&form) {
                known.push(form);
            }
        }
        // One that is contained in another must not spoil it.
        known.sort_by_key(|text| Reverse(text.expose().len()));
    }

    /// The text without any secret.
    pub(crate) fn hide(&self, text: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = known.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), HIDDEN));
        let lines: Vec<String> = text.split('\n').map(|line| hide_beginning(&known, line)).collect();
        lines.join("\n")
    }

    /// The failure without any secret.
    pub(crate) fn hide_in(&self, failure: Failure) -> Failure {
        let hint = failure.hint.as_deref().map(|hint| self.hide(hint));
        Failure { message: self.hide(&failure.message), hint, ..failure }
    }
}

/// A line without the beginning of a secret in which it was cut.
fn hide_beginning(known: &[SecretText], line: &str) -> String {
    let Some(told) = line.strip_suffix(CUT) else { return line.to_owned() };
    let beginning = |secret: &SecretText| {
        let ends = secret.expose().char_indices().map(|(end, _)| end).skip(SHORTEST_BEGINNING);
        ends.filter(|end| told.ends_with(&secret.expose()[..*end])).max()
    };
    match known.iter().filter_map(beginning).max() {
        Some(length) => format!("{}{HIDDEN}{CUT}", &told[..told.len() - length]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        let known = KnownSecrets::default();
        for secret in ["hunter2", "hunter2-long", "p/w@rd=", ""] {
            known.note(&SecretText::new(secret.to_owned()));
        }
        known.hide(text)
    }

    #[test]
    fn secrets_are_hidden_in_every_form() {
        assert_eq!(hidden("a hunter2-long, hunter2"), "a (secret), (secret)");
        assert_eq!(
            hidden("postgresql://airflow:p%2Fw%40rd%3D@db/airflow"),
            "postgresql://airflow:(secret)@db/airflow"
        );
        assert_eq!(hidden("p/w@rd= p/w%40rd%3D"), "(secret) (secret)");
        assert_eq!(hidden("data: aHVudGVyMg=="), "data: (secret)");
    }

    #[test]
    fn the_beginning_of_a_secret_at_the_end_of_a_cut_line_is_hidden_too() {
        assert_eq!(hidden("  | password hunt…\nnext"), "  | password (secret)…\nnext");
        assert_eq!(hidden("  | of another kind…"), "  | of another kind…");
    }
}
