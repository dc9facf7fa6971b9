//! ReplicaSets.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use super::replicas::{missing, surplus};
use crate::live::{Condition, count, number};

/// All pods are available. A refusal (quota, webhook) is said, and may pass.
pub(crate) fn readiness(live: &Value) -> Readiness {
    if number(live, "/status/observedGeneration").is_none() {
        return Readiness::InProgress("its controller has not seen it yet".to_owned());
    }
    if let Some(failure) = Condition::of(live, "ReplicaFailure").filter(Condition::is_true) {
        return Readiness::InProgress(failure.why());
    }
    let wanted = number(live, "/spec/replicas").unwrap_or(1);
    missing(count(live, "/status/fullyLabeledReplicas"), wanted, "there")
        .or_else(|| missing(count(live, "/status/availableReplicas"), wanted, "available"))
        .or_else(|| surplus(count(live, "/status/replicas"), wanted))
        .unwrap_or(Readiness::Ready)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        let set = |there: u64, available: u64| {
            json!({"spec": {"replicas": 2}, "status": {"observedGeneration": 1, "replicas": there,
                   "fullyLabeledReplicas": there, "availableReplicas": available}})
        };
        check(
            ("apps/v1", "ReplicaSet"),
            &[
                ("as made", "in progress: has not seen it yet", json!({})),
                ("no pods", "in progress: 0 of 2 pods are there", set(0, 0)),
                ("starting", "in progress: 1 of 2 pods are available", set(2, 1)),
                ("one too many", "in progress: 1 old pods", set(3, 2)),
                ("all", "ready", set(2, 2)),
                (
                    "over the quota",
                    "in progress: FailedCreate: pods \"web-1\" is forbidden: exceeded quota: small",
                    json!({"spec": {"replicas": 1}, "status": {"observedGeneration": 1, "replicas": 0, "conditions": [
                    {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                     "message": "pods \"web-1\" is forbidden: exceeded quota: small"}]}}),
                ),
            ],
        );
    }
}
