//! Where an object differs from what it would be, as the server says.

use airflow_eks_core::engine::{Differences, Failure};
use airflow_eks_core::graph::KubernetesObject;
use airflow_eks_core::plan::objects::{
    difference, is_certainly_unchanged, is_scaled_by_a_controller, merged,
};
use kube::Client;
use kube::core::Status;
use serde_json::Value;

use super::apply::{Way, apply};
use super::prepared::Prepared;
use crate::discovery::Served;
use crate::error::failure;
use crate::kubernetes::Kubernetes;

/// How much of what a server says is repeated.
const LONGEST_MESSAGE: usize = 500;

impl Kubernetes {
    /// Where `live` differs from what it would be. The server is only asked where something may differ.
    pub(super) async fn differences(
        &self,
        client: &Client,
        served: &Served,
        wanted: &KubernetesObject,
        prepared: Prepared,
        live: &Value,
    ) -> Result<Differences, Failure> {
        let Prepared { mut body, unknown } = prepared;
        leave_replicas(&mut body, live);
        if unknown.is_empty() && is_certainly_unchanged(&body, live) {
            return Ok(Differences::default());
        }
        let told = |after: &Value| {
            let found = difference(wanted, &unknown, live, after);
            Differences { changes: found.changes, conflicts: found.conflicts, ..Differences::default() }
        };
        let error = match apply(client, served, &wanted.id, &body, Way::Trying).await {
            Ok(after) => return Ok(told(&after)),
            Err(error) => error,
        };
        // A webhook without anybody behind it: the very change may bring it back, so what it would say is left open.
        if error.status().is_some_and(|status| status.message.contains("failed calling webhook")) {
            return Ok(told(&merged(&body, live)));
        }
        let Some(status) = error.status().filter(|status| is_about_the_object(status)) else {
            return Err(failure(&wanted.id.to_string(), "try to patch", &error));
        };
        let guessed = told(&merged(&body, live));
        let is_secret = wanted.id.kind == "Secret";
        let immutable = immutable(status);
        Ok(match immutable {
            _ if !unknown.is_empty() => guessed,
            Some(immutable) => Differences { immutable, ..guessed },
            None => Differences { refused: Some(refusal(status, is_secret)), ..guessed },
        })
    }
}

/// Leaves out how many replicas there are where an autoscaler says it.
pub(super) fn leave_replicas(body: &mut Value, live: &Value) {
    if is_scaled_by_a_controller(live)
        && let Some(spec) = body.get_mut("spec").and_then(Value::as_object_mut)
    {
        spec.remove("replicas");
    }
}

/// Whether an answer is about the object, not about the server, or about who asks.
fn is_about_the_object(status: &Status) -> bool {
    match status.code {
        400 | 422 => true,
        // Admission says it with the same code as access control, whose words are these.
        403 => !(status.message.contains("User \"") && status.message.contains(" cannot ")),
        _ => false,
    }
}

/// The fields that cannot be changed, where that is all that is wrong.
fn immutable(status: &Status) -> Option<Vec<String>> {
    let causes = &status.details.as_ref()?.causes;
    let all = !causes.is_empty() && causes.iter().all(|cause| is_immutable(&cause.message));
    all.then(|| {
        let mut fields: Vec<String> = causes.iter().map(|cause| cause.field.clone()).collect();
        fields.sort();
        fields.dedup();
        fields
    })
}

/// The words of the API server's validation and of CEL rules for fields that stay as they are.
fn is_immutable(message: &str) -> bool {
    let message = message.to_lowercase();
    [
        "immutable",
        "may not be changed",
        "may not change",
        "cannot be changed",
        "cannot change",
        "can't be changed",
    ]
    .iter()
    .any(|words| message.contains(words))
        || (message.contains("updates to") && message.contains("forbidden"))
}

/// Why a server would not take an object. Its values are not repeated where they may be secrets.
fn refusal(status: &Status, is_secret: bool) -> String {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let causes: Vec<String> = causes
        .map(
            |cause| {
                if is_secret { cause.field.clone() } else { format!("{}: {}", cause.field, cause.message) }
            },
        )
        .collect();
    let text = match causes.is_empty() {
        true if is_secret && status.code != 403 => status.reason.clone(),
        true => status.message.clone(),
        false => causes.join("; "),
    };
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
