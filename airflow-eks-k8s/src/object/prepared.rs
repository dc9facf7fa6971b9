//! An object with everything in its place that is known.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::engine::{Failure, SecretText};
use airflow_eks_core::graph::{KubernetesObject, Late};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::stand_in::stand_in;
use crate::error::other;
use crate::kubernetes::Kubernetes;

/// An object as it is sent.
pub(super) struct Prepared {
    pub(super) body: Value,
    /// What is not known yet; something stands in for it.
    pub(super) unknown: BTreeSet<Late>,
}

impl Kubernetes {
    /// Puts secrets in their places, and stand-ins for what is not known yet.
    pub(super) async fn prepared(&self, wanted: &KubernetesObject) -> Result<Prepared, Failure> {
        let mut secrets: BTreeMap<Late, SecretText> = BTreeMap::new();
        let mut unknown = BTreeSet::new();
        for late in wanted.late_values() {
            let text = match &late {
                Late::Secret(secret) => self.shared.secrets.text(*secret).await?,
                _ => None,
            };
            if let Some(text) = &text {
                self.shared.known_secrets.note(text);
            }
            match text {
                Some(text) => drop(secrets.insert(late, text)),
                None => drop(unknown.insert(late)),
            }
        }
        let mut body = wanted.resolved(&|late| match secrets.get(late) {
            Some(text) => text.expose().to_owned(),
            None => stand_in(late),
        });
        if wanted.id.kind == "Secret" && wanted.id.group.is_empty() {
            as_data(&mut body);
        }
        Ok(Prepared { body, unknown })
    }

    /// The same, where nothing may be unknown any more.
    pub(super) async fn complete(
        &self,
        wanted: &KubernetesObject,
        operation: &str,
    ) -> Result<Value, Failure> {
        let prepared = self.prepared(wanted).await?;
        match prepared.unknown.first() {
            None => Ok(prepared.body),
            Some(late) => {
                let message = format!("`{late}` has not been made yet");
                Err(other(&wanted.id.to_string(), operation, message))
            }
        }
    }
}

/// Writes the texts of a Secret as its data, as the server keeps them: otherwise nothing could be compared.
fn as_data(secret: &mut Value) {
    let Some(secret) = secret.as_object_mut() else { return };
    let Some(Value::Object(texts)) = secret.remove("stringData") else { return };
    let data = secret.entry("data").or_insert_with(|| Value::Object(Map::new()));
    if let Some(data) = data.as_object_mut() {
        for (key, text) in texts {
            let text = text.as_str().map(|text| STANDARD.encode(text)).unwrap_or_default();
            data.insert(key, Value::from(text));
        }
    }
}
