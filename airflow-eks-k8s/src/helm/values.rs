//! The values of a release with secrets in their places, and what must not be shown of them.

use std::collections::BTreeMap;

use airflow_eks_core::engine::{Failure, SecretText, Secrets};
use airflow_eks_core::graph::{HelmRelease, Late};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::failure::because;

/// What is shown of a secret.
pub(super) const HIDDEN: &str = "(secret)";
/// Stand for a secret and for a value that nobody knows yet, inside of texts that are only looked at. Core takes no text from
/// users that holds private-use characters.
const SECRET: char = '\u{F0010}';
const UNKNOWN: char = '\u{F0011}';

/// The values of a release.
pub(super) struct Values {
    /// As the chart is told, except for what is not known yet.
    pub(super) told: Value,
    /// The same, with stand-ins for secrets and for what is not known yet.
    pub(super) shown: Value,
    /// What is not known yet.
    pub(super) unknown: Vec<String>,
    pub(super) masks: Masks,
}

/// Texts that must not be shown.
#[derive(Default)]
pub(super) struct Masks(Vec<SecretText>);

impl Values {
    pub(super) async fn of(release: &HelmRelease, secrets: &dyn Secrets) -> Result<Self, Failure> {
        let mut known = BTreeMap::new();
        let mut unknown = Vec::new();
        for late in release.late_values() {
            let text = match &late {
                Late::Secret(secret) => secrets.text(*secret).await?,
                _ => None,
            };
            match text {
                Some(text) => drop(known.insert(late, text)),
                None => unknown.push(late.name()),
            }
        }
        let told = release
            .resolved(&|late| known.get(late).map(|text| text.expose().to_owned()).unwrap_or_default());
        let shown =
            release.resolved(&|late| if known.contains_key(late) { SECRET } else { UNKNOWN }.to_string());
        Ok(Self { told, shown, unknown, masks: Masks::of(known.into_values()) })
    }

    /// What goes to `helm`, where all of it is known.
    pub(super) fn complete(&self, release: &HelmRelease, operation: &str) -> Result<String, Failure> {
        if self.unknown.is_empty() {
            return Ok(self.told.to_string());
        }
        Err(because(&release.id, operation, format!("nobody knows yet: {}", self.unknown.join(", "))))
    }
}

/// Whether a value, as shown, holds what nobody knows yet.
pub(super) fn is_unknown(shown: &Value) -> bool {
    holds(shown, UNKNOWN)
}

/// Whether a value, as shown, holds a secret.
pub(super) fn is_secret(shown: &Value) -> bool {
    holds(shown, SECRET)
}

fn holds(value: &Value, mark: char) -> bool {
    match value {
        Value::String(text) => text.contains(mark),
        Value::Array(items) => items.iter().any(|item| holds(item, mark)),
        Value::Object(entries) => entries.iter().any(|(key, item)| key.contains(mark) || holds(item, mark)),
        _ => false,
    }
}

/// Whether a key names something that people keep to themselves, such as a password that a user gave in plain text.
fn is_confidential(key: &str) -> bool {
    const WORDS: [&str; 8] =
        ["password", "passwd", "passphrase", "token", "secretkey", "secretaccesskey", "privatekey", "apikey"];
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    WORDS.iter().any(|word| key.ends_with(word))
}

impl Masks {
    fn of(secrets: impl IntoIterator<Item = SecretText>) -> Self {
        // One that is contained in another must not spoil it.
        let mut texts: Vec<SecretText> = secrets
            .into_iter()
            .filter(|text| !text.expose().is_empty())
            .flat_map(|text| [SecretText::new(STANDARD.encode(text.expose())), text])
            .collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.expose().len()));
        Self(texts)
    }

    /// The text without any secret.
    pub(super) fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), HIDDEN))
    }

    /// The value without any secret. `key` names it.
    pub(super) fn hide_in(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if is_confidential(key) && !text.is_empty() => HIDDEN.into(),
            Value::String(text) => self.hide(text).into(),
            Value::Array(items) => items.iter().map(|item| self.hide_in(key, item)).collect(),
            Value::Object(entries) => {
                entries.iter().map(|(key, item)| (key.clone(), self.hide_in(key, item))).collect()
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let masks =
            Masks::of([SecretText::new("hunter2".to_owned()), SecretText::new("hunter2-long".to_owned())]);
        assert_eq!(
            masks.hide("a hunter2-long and hunter2, aHVudGVyMg=="),
            "a (secret) and (secret), (secret)"
        );
        let value =
            json!({ "a": ["x hunter2"], "adminPassword": "plain", "passwordSecretName": "grafana-admin" });
        let hidden = json!({ "a": ["x (secret)"], "adminPassword": "(secret)", "passwordSecretName": "grafana-admin" });
        assert_eq!(masks.hide_in("", &value), hidden);
    }
}
