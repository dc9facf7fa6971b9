//! Definitions of custom resources.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use super::any;
use crate::live::Condition;

/// Served, under the names that it asks for.
pub(crate) fn readiness(live: &Value) -> Readiness {
    // A refusal stays until another definition goes.
    if let Some(refused) = Condition::of(live, "NamesAccepted").filter(Condition::is_false) {
        return Readiness::Failed(refused.why());
    }
    match any::needs(live, "NamesAccepted") {
        Readiness::Ready => any::needs(live, "Established"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn conditions(names: &str, names_reason: &str, established: &str) -> Value {
        json!({"status": {"conditions": [
            {"type": "NamesAccepted", "status": names, "reason": names_reason, "message": "\"Widget\" is already in use"},
            {"type": "Established", "status": established, "reason": "Installing", "message": "the initial names have been accepted"},
        ]}})
    }

    #[test]
    fn statuses() {
        check(
            ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
            &[
                ("as made", "in progress: has not said yet", json!({})),
                ("names accepted", "in progress: Installing", conditions("True", "NoConflicts", "False")),
                ("served", "ready", conditions("True", "NoConflicts", "True")),
                (
                    "names taken",
                    "failed: KindConflict: \"Widget\" is already in use",
                    conditions("False", "KindConflict", "False"),
                ),
            ],
        );
    }
}
