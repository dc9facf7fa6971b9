//! How far the pods of a workload are.

use airflow_eks_core::engine::Readiness;

/// What is in progress while not all of the wanted pods are there, in the words of `kubectl rollout status`.
pub(super) fn missing(found: i64, wanted: i64, what: &str) -> Option<Readiness> {
    (found < wanted).then(|| Readiness::InProgress(format!("{found} of {wanted} pods are {what}")))
}

/// What is in progress while more pods are there than wanted.
pub(super) fn surplus(found: i64, wanted: i64) -> Option<Readiness> {
    let more = found - wanted;
    (more > 0).then(|| Readiness::InProgress(format!("{more} old pods are still to end")))
}
