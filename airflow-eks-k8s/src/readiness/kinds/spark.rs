//! Spark applications.
//!
//! <https://github.com/kubeflow/spark-operator/blob/master/api/v1beta2/sparkapplication_types.go>

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{count, number, text};

/// An application has been submitted. How long its work takes is none of our business.
pub(crate) fn application(live: &Value) -> Readiness {
    let message = text(live, "/status/applicationState/errorMessage");
    let told = |what: &str| if message.is_empty() { what.to_owned() } else { format!("{what}: {message}") };
    match text(live, "/status/applicationState/state") {
        "SUBMITTED" | "RUNNING" | "SUCCEEDING" | "COMPLETED" | "SUSPENDED" => Readiness::Ready,
        "SUBMISSION_FAILED" if is_submitted_again(live) => {
            Readiness::InProgress(told("its submission failed and is tried again"))
        }
        "SUBMISSION_FAILED" => Readiness::Failed(told("its submission failed")),
        "FAILED" => Readiness::Failed(told("it failed")),
        "" => Readiness::InProgress("it has not been submitted yet".to_owned()),
        state => Readiness::InProgress(told(&format!("its state is {state}"))),
    }
}

/// Whether the operator submits it again, as its restart policy says.
fn is_submitted_again(live: &Value) -> bool {
    match text(live, "/spec/restartPolicy/type") {
        "Always" => true,
        "OnFailure" => {
            let retries = number(live, "/spec/restartPolicy/onSubmissionFailureRetries");
            retries.is_some_and(|retries| count(live, "/status/submissionAttempts") <= retries)
        }
        _ => false,
    }
}

/// A schedule has been understood.
pub(crate) fn scheduled(live: &Value) -> Readiness {
    match text(live, "/status/scheduleState") {
        "Scheduled" => Readiness::Ready,
        "FailedValidation" => {
            Readiness::Failed(format!("its schedule is refused: {}", text(live, "/status/reason")))
        }
        _ => Readiness::InProgress("its schedule has not been read yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn state(state: &str, message: &str) -> Value {
        json!({"status": {"applicationState": {"state": state, "errorMessage": message}}})
    }

    #[test]
    fn applications() {
        let mut again = state("SUBMISSION_FAILED", "no such image");
        again["spec"] = json!({"restartPolicy": {"type": "OnFailure", "onSubmissionFailureRetries": 3}});
        again["status"]["submissionAttempts"] = 1.into();
        check(
            ("sparkoperator.k8s.io/v1beta2", "SparkApplication"),
            &[
                ("as made", "in progress: not been submitted yet", json!({})),
                ("submitted", "ready", state("SUBMITTED", "")),
                ("running", "ready", state("RUNNING", "")),
                ("done", "ready", state("COMPLETED", "")),
                (
                    "failing",
                    "in progress: its state is FAILING: driver",
                    state("FAILING", "driver container failed"),
                ),
                (
                    "failed",
                    "failed: it failed: driver container failed",
                    state("FAILED", "driver container failed with ExitCode: 1"),
                ),
                (
                    "not submitted",
                    "failed: its submission failed: no such image",
                    state("SUBMISSION_FAILED", "no such image"),
                ),
                ("tried again", "in progress: tried again", again),
            ],
        );
    }

    #[test]
    fn schedules() {
        check(
            ("sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication"),
            &[
                ("as made", "in progress: not been read yet", json!({})),
                ("understood", "ready", json!({"status": {"scheduleState": "Scheduled"}})),
                (
                    "misspelt",
                    "failed: its schedule is refused: expected exactly 5 fields",
                    json!({"status": {"scheduleState": "FailedValidation", "reason": "expected exactly 5 fields, found 2"}}),
                ),
            ],
        );
    }
}
