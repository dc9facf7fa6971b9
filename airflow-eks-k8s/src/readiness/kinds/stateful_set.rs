//! StatefulSets.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use super::replicas::{missing, surplus};
use crate::live::{count, number, text};

/// All pods are of the newest revision and available, except those below the partition.
/// <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates>
pub(crate) fn readiness(live: &Value) -> Readiness {
    if number(live, "/status/observedGeneration").is_none() {
        return Readiness::InProgress("its controller has not seen it yet".to_owned());
    }
    pending(live).unwrap_or(Readiness::Ready)
}

fn pending(live: &Value) -> Option<Readiness> {
    let wanted = number(live, "/spec/replicas").unwrap_or(1);
    let gathering = missing(count(live, "/status/readyReplicas"), wanted, "ready")
        .or_else(|| missing(count(live, "/status/availableReplicas"), wanted, "available"))
        .or_else(|| surplus(count(live, "/status/replicas"), wanted));
    // Whoever chose OnDelete replaces the pods, in their own time.
    if gathering.is_some() || text(live, "/spec/updateStrategy/type") == "OnDelete" {
        return gathering;
    }
    let partition = count(live, "/spec/updateStrategy/rollingUpdate/partition");
    if partition > 0 {
        return missing(count(live, "/status/updatedReplicas"), wanted - partition, "of the newest version");
    }
    let revisions = ["/status/currentRevision", "/status/updateRevision"].map(|field| text(live, field));
    (revisions[0] != revisions[1]).then(|| {
        let updated = count(live, "/status/updatedReplicas");
        Readiness::InProgress(format!("{updated} of {wanted} pods are of the newest version"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn set(strategy: Value, mut status: Value) -> Value {
        status["observedGeneration"] = 1.into();
        json!({"metadata": {"generation": 1}, "spec": {"replicas": 3, "updateStrategy": strategy}, "status": status})
    }

    fn status(updated: u64, current: &str) -> Value {
        json!({"replicas": 3, "readyReplicas": 3, "availableReplicas": 3, "updatedReplicas": updated,
               "currentRevision": current, "updateRevision": "db-2"})
    }

    #[test]
    fn statuses() {
        let rolling = || json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}});
        let partition = || json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}});
        check(
            ("apps/v1", "StatefulSet"),
            &[
                ("as made", "in progress: has not seen it yet", json!({"spec": {"replicas": 1}})),
                (
                    "first pod",
                    "in progress: 1 of 3 pods are ready",
                    set(rolling(), json!({"replicas": 2, "readyReplicas": 1})),
                ),
                (
                    "too many",
                    "in progress: 1 old pods",
                    set(rolling(), json!({"replicas": 4, "readyReplicas": 4, "availableReplicas": 4})),
                ),
                (
                    "half updated",
                    "in progress: 1 of 3 pods are of the newest version",
                    set(rolling(), status(1, "db-1")),
                ),
                ("updated", "ready", set(rolling(), status(3, "db-2"))),
                (
                    "partition not reached",
                    "in progress: 0 of 1 pods are of the newest",
                    set(partition(), status(0, "db-1")),
                ),
                ("partition reached", "ready", set(partition(), status(1, "db-1"))),
                ("to be updated by hand", "ready", set(json!({"type": "OnDelete"}), status(0, "db-1"))),
            ],
        );
    }
}
