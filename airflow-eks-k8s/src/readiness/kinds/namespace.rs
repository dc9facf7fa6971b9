//! Namespaces.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{Condition, text};

/// Active; one that is going says what is left in it.
pub(crate) fn readiness(live: &Value) -> Readiness {
    let going =
        live.pointer("/metadata/deletionTimestamp").is_some() || text(live, "/status/phase") == "Terminating";
    if going {
        let left: Vec<_> =
            Condition::all(live).filter(Condition::is_true).map(|condition| condition.message()).collect();
        let left = left.join("; ");
        let tail = if left.is_empty() { String::new() } else { format!(": {left}") };
        return Readiness::InProgress(format!("it is being deleted{tail}"));
    }
    match text(live, "/status/phase") {
        "Active" => Readiness::Ready,
        _ => Readiness::InProgress("it has not been seen yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        check(
            ("v1", "Namespace"),
            &[
                ("there", "ready", json!({"status": {"phase": "Active"}})),
                (
                    "stuck",
                    "in progress: it is being deleted: Some resources are remaining: widgets has 1 resource instances",
                    json!({"metadata": {"deletionTimestamp": "2026-11-21T10:00:00Z"}, "status": {"phase": "Terminating", "conditions": [
                        {"type": "NamespaceDeletionDiscoveryFailure", "status": "False", "message": "All resources successfully discovered"},
                        {"type": "NamespaceContentRemaining", "status": "True", "reason": "SomeResourcesRemain",
                         "message": "Some resources are remaining: widgets has 1 resource instances"},
                    ]}}),
                ),
            ],
        );
    }
}
