//! Disruption budgets.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::number;

/// Its controller has counted once. Whether the pods are enough is for their workload to say.
pub(crate) fn readiness(live: &Value) -> Readiness {
    match number(live, "/status/observedGeneration") {
        Some(_) => Readiness::Ready,
        None => Readiness::InProgress("its controller has not seen it yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        check(
            ("policy/v1", "PodDisruptionBudget"),
            &[
                ("as made", "in progress: has not seen it yet", json!({"metadata": {"generation": 1}})),
                (
                    "counted",
                    "ready",
                    json!({"metadata": {"generation": 1}, "status": {"observedGeneration": 1, "currentHealthy": 0, "desiredHealthy": 1}}),
                ),
            ],
        );
    }
}
