//! Deployments.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use super::replicas::{missing, surplus};
use crate::live::{Condition, count, flag, number};

/// All pods are of the newest template and available, and no old one is left.
/// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status>
pub(crate) fn readiness(live: &Value) -> Readiness {
    if number(live, "/status/observedGeneration").is_none() {
        return Readiness::InProgress("its controller has not seen it yet".to_owned());
    }
    let progressing = Condition::of(live, "Progressing");
    if let Some(late) = progressing.filter(|condition| condition.reason() == "ProgressDeadlineExceeded") {
        return Readiness::Failed(late.why());
    }
    match pending(live) {
        Some(_) if flag(live, "/spec/paused") => {
            Readiness::Failed("its rollout is paused: resume it with `kubectl rollout resume`".to_owned())
        }
        Some(pending) => pending,
        None => Readiness::Ready,
    }
}

fn pending(live: &Value) -> Option<Readiness> {
    let wanted = number(live, "/spec/replicas").unwrap_or(1);
    let [updated, available] =
        ["/status/updatedReplicas", "/status/availableReplicas"].map(|field| count(live, field));
    missing(updated, wanted, "of the newest version")
        .or_else(|| surplus(count(live, "/status/replicas"), updated))
        .or_else(|| missing(available, updated.max(wanted), "available"))
        .or_else(|| {
            let unavailable = Condition::of(live, "Available").filter(Condition::is_false);
            unavailable.map(|condition| Readiness::InProgress(condition.why()))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn deployment(replicas: u64, mut status: Value) -> Value {
        status["observedGeneration"] = 2.into();
        json!({"metadata": {"generation": 2}, "spec": {"replicas": replicas}, "status": status})
    }

    #[test]
    fn statuses() {
        let available = json!([
            {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
            {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
        ]);
        let mut paused = deployment(2, json!({"replicas": 2, "availableReplicas": 2, "readyReplicas": 2}));
        paused["spec"]["paused"] = true.into();
        let mut paused_after =
            deployment(1, json!({"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}));
        paused_after["spec"]["paused"] = true.into();
        check(
            ("apps/v1", "Deployment"),
            &[
                (
                    "as made",
                    "in progress: has not seen it yet",
                    json!({"metadata": {"generation": 1}, "spec": {"replicas": 1}}),
                ),
                (
                    "seen, no pods",
                    "in progress: 0 of 2 pods are of the newest version",
                    deployment(2, json!({})),
                ),
                (
                    "old pods still serve",
                    "in progress: 1 of 2 pods are of the newest version",
                    deployment(
                        2,
                        json!({"replicas": 3, "updatedReplicas": 1, "availableReplicas": 2, "conditions": available}),
                    ),
                ),
                (
                    "an old pod is left",
                    "in progress: 1 old pods",
                    deployment(
                        2,
                        json!({"replicas": 3, "updatedReplicas": 2, "availableReplicas": 3, "conditions": available}),
                    ),
                ),
                (
                    "new pods start",
                    "in progress: 1 of 2 pods are available",
                    deployment(
                        2,
                        json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 1, "conditions": available}),
                    ),
                ),
                (
                    "all of them",
                    "ready",
                    deployment(
                        2,
                        json!({"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2, "conditions": available}),
                    ),
                ),
                ("none wanted", "ready", deployment(0, json!({"conditions": available}))),
                (
                    "late",
                    "failed: ProgressDeadlineExceeded: ReplicaSet \"web-5\" has timed out progressing.",
                    deployment(
                        1,
                        json!({"replicas": 1, "updatedReplicas": 1, "unavailableReplicas": 1, "conditions": [
                            {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                             "message": "ReplicaSet \"web-5\" has timed out progressing."},
                        ]}),
                    ),
                ),
                ("paused in the middle", "failed: kubectl rollout resume", paused),
                ("paused when done", "ready", paused_after),
            ],
        );
    }

    #[test]
    fn a_failure_of_an_earlier_generation_does_not_count() {
        let mut late = deployment(
            1,
            json!({"conditions": [
                {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "late"},
            ]}),
        );
        late["metadata"]["generation"] = 3.into();
        check(("apps/v1", "Deployment"), &[("changed since", "in progress: not seen the last change", late)]);
    }
}
