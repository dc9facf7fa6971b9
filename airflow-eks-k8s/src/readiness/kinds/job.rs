//! Jobs.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{Condition, count, flag};

/// A Job is there to be done, so it counts once it is complete.
/// <https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions>
pub(crate) fn readiness(live: &Value) -> Readiness {
    if let Some(failed) = Condition::of(live, "Failed").filter(Condition::is_true) {
        return Readiness::Failed(failed.why());
    }
    if Condition::of(live, "Complete").is_some_and(|condition| condition.is_true()) {
        return Readiness::Ready;
    }
    if flag(live, "/spec/suspend") {
        return Readiness::InProgress("it is suspended".to_owned());
    }
    if let Some(failing) = Condition::of(live, "FailureTarget").filter(Condition::is_true) {
        return Readiness::InProgress(format!("it is failing: {}", failing.why()));
    }
    let [active, failed, done] =
        ["active", "failed", "succeeded"].map(|field| count(live, &format!("/status/{field}")));
    Readiness::InProgress(format!("it is running: {active} pods active, {done} done, {failed} failed"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        let with = |kind: &str, reason: &str, message: &str| -> Value {
            json!({"status": {"conditions": [{"type": kind, "status": "True", "reason": reason, "message": message}]}})
        };
        check(
            ("batch/v1", "Job"),
            &[
                ("as made", "in progress: 0 pods active", json!({})),
                (
                    "running",
                    "in progress: 1 pods active, 0 done, 2 failed",
                    json!({"status": {"active": 1, "ready": 1, "failed": 2}}),
                ),
                ("suspended", "in progress: suspended", json!({"spec": {"suspend": true}})),
                (
                    "all pods done, not yet complete",
                    "in progress: running",
                    with(
                        "SuccessCriteriaMet",
                        "CompletionsReached",
                        "Reached expected number of succeeded pods",
                    ),
                ),
                (
                    "complete",
                    "ready",
                    with("Complete", "CompletionsReached", "Reached expected number of succeeded pods"),
                ),
                (
                    "its pods are being ended",
                    "in progress: it is failing: BackoffLimitExceeded",
                    with("FailureTarget", "BackoffLimitExceeded", ""),
                ),
                (
                    "too many failures",
                    "failed: BackoffLimitExceeded: Job has reached the specified backoff limit",
                    with("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
                ),
                (
                    "too long",
                    "failed: DeadlineExceeded",
                    with("Failed", "DeadlineExceeded", "Job was active longer than specified deadline"),
                ),
            ],
        );
        check(
            ("batch/v1", "CronJob"),
            &[
                ("as made", "ready", json!({"metadata": {"generation": 1}})),
                ("suspended", "ready", json!({"spec": {"suspend": true}})),
            ],
        );
    }
}
