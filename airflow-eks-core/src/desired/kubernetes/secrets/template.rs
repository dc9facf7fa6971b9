//! A secret's value: fixed text around late values.

use crate::graph::{GeneratedSecret, Late};

/// A secret's value: fixed text around late values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct SecretTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Secret(GeneratedSecret),
}

impl SecretTemplate {
    /// A value that is nothing but a generated secret.
    pub(in super::super) fn secret(secret: GeneratedSecret) -> Self {
        Self(vec![Part::Secret(secret)])
    }

    /// Adds text. It may hold marks of what only AWS can tell.
    pub(in super::super) fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// Adds a generated secret.
    pub(in super::super) fn then(mut self, secret: GeneratedSecret) -> Self {
        self.0.push(Part::Secret(secret));
        self
    }

    /// The generated secrets in it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = GeneratedSecret> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(secret) => Some(*secret),
            Part::Text(_) => None,
        })
    }

    /// The value with marks in place of late values.
    pub(super) fn marked(&self) -> String {
        self.write(|secret| Late::Secret(secret).mark())
    }

    /// The value as a template of the External Secrets Operator.
    /// See <https://external-secrets.io/latest/guides/templating/>.
    pub(super) fn operator_template(&self) -> String {
        self.write(|secret| format!("{{{{ .{} }}}}", template_key(secret)))
    }

    fn write(&self, secret: impl Fn(GeneratedSecret) -> String) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Secret(name) => secret(*name),
            })
            .collect()
    }
}

/// A name that Go's templates can read as a field.
pub(super) fn template_key(secret: GeneratedSecret) -> String {
    secret.name().replace(['/', '-'], "_")
}
