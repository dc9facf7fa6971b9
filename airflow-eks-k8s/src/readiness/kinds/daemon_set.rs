//! DaemonSets.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use super::replicas::missing;
use crate::live::{count, number, text};

/// Every node that should have a pod has an available one of the newest template.
/// <https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/>
pub(crate) fn readiness(live: &Value) -> Readiness {
    if number(live, "/status/observedGeneration").is_none() {
        return Readiness::InProgress("its controller has not seen it yet".to_owned());
    }
    let wanted = count(live, "/status/desiredNumberScheduled");
    let by_hand = text(live, "/spec/updateStrategy/type") == "OnDelete";
    let updated = if by_hand { wanted } else { count(live, "/status/updatedNumberScheduled") };
    missing(count(live, "/status/currentNumberScheduled"), wanted, "scheduled")
        .or_else(|| missing(updated, wanted, "of the newest version"))
        .or_else(|| missing(count(live, "/status/numberAvailable"), wanted, "available"))
        .unwrap_or(Readiness::Ready)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn set(strategy: &str, current: u64, updated: u64, available: u64) -> Value {
        json!({
            "metadata": {"generation": 1},
            "spec": {"updateStrategy": {"type": strategy}},
            "status": {"observedGeneration": 1, "desiredNumberScheduled": 2, "currentNumberScheduled": current,
                       "updatedNumberScheduled": updated, "numberAvailable": available, "numberReady": available},
        })
    }

    #[test]
    fn statuses() {
        check(
            ("apps/v1", "DaemonSet"),
            &[
                (
                    "as made",
                    "in progress: has not seen it yet",
                    json!({"status": {"desiredNumberScheduled": 0}}),
                ),
                ("a node has none", "in progress: 1 of 2 pods are scheduled", set("RollingUpdate", 1, 1, 1)),
                ("an old pod", "in progress: 1 of 2 pods are of the newest", set("RollingUpdate", 2, 1, 2)),
                ("a pod starts", "in progress: 1 of 2 pods are available", set("RollingUpdate", 2, 2, 1)),
                ("all", "ready", set("RollingUpdate", 2, 2, 2)),
                ("to be updated by hand", "ready", set("OnDelete", 2, 0, 2)),
                (
                    "no node fits",
                    "ready",
                    json!({"status": {"observedGeneration": 1, "desiredNumberScheduled": 0}}),
                ),
            ],
        );
    }
}
