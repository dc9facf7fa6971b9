//! Kinds without a rule of their own, and kinds that have nothing but a condition.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::{
    live::{Condition, joined},
    readiness::judgement::standard_conditions,
};

/// Any kind: ready unless it says otherwise.
pub(crate) fn readiness(live: &Value) -> Readiness {
    if let Some(said) = standard_conditions(live) {
        return said;
    }
    Condition::of(live, "Ready").map_or(Readiness::Ready, |condition| by(&condition, live))
}

/// A kind whose controller sets a condition: until it has, there is no telling.
pub(crate) fn needs(live: &Value, condition: &str) -> Readiness {
    if let Some(said) = standard_conditions(live) {
        return said;
    }
    Condition::of(live, condition).map_or_else(
        || Readiness::InProgress(format!("its controller has not said yet whether it is {condition}")),
        |found| by(&found, live),
    )
}

fn by(condition: &Condition<'_>, live: &Value) -> Readiness {
    if condition.is_stale(live) {
        return Readiness::InProgress("its controller has not seen the last change yet".to_owned());
    }
    if condition.is_true() {
        return Readiness::Ready;
    }
    let why = joined(condition.reason(), condition.message());
    Readiness::InProgress(if why.is_empty() { format!("it is not {}", condition.kind()) } else { why })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    fn condition(kind: &str, status: &str, reason: &str, message: &str) -> serde_json::Value {
        json!({"conditions": [{"type": kind, "status": status, "reason": reason, "message": message}]})
    }

    #[test]
    fn unknown_kinds() {
        check(
            ("example.com/v1", "Widget"),
            &[
                ("without a status", "ready", json!({"metadata": {"generation": 1}})),
                ("Ready", "ready", json!({"status": condition("Ready", "True", "Ok", "")})),
                (
                    "not Ready",
                    "in progress: Waiting: for rain",
                    json!({"status": condition("Ready", "False", "Waiting", "for rain")}),
                ),
                (
                    "not known to be Ready",
                    "in progress: it is not Ready",
                    json!({"status": condition("Ready", "Unknown", "", "")}),
                ),
                (
                    "reconciling",
                    "in progress: Busy",
                    json!({"status": condition("Reconciling", "True", "Busy", "")}),
                ),
                (
                    "stalled",
                    "failed: NoQuota: none left",
                    json!({"status": condition("Stalled", "True", "NoQuota", "none left")}),
                ),
                ("no longer stalled", "ready", json!({"status": condition("Stalled", "False", "", "")})),
                (
                    "a change not seen yet",
                    "in progress: not seen the last change",
                    json!({"metadata": {"generation": 2}, "status": {"observedGeneration": 1}}),
                ),
                (
                    "going",
                    "in progress: being deleted",
                    json!({"metadata": {"deletionTimestamp": "2026-11-21T10:00:00Z"}}),
                ),
            ],
        );
    }

    #[test]
    fn kinds_that_never_have_a_status() {
        for kind in [
            ("v1", "ConfigMap"),
            ("monitoring.coreos.com/v1", "ServiceMonitor"),
            ("storage.k8s.io/v1", "StorageClass"),
        ] {
            check(kind, &[("as made", "ready", json!({"metadata": {"generation": 1}}))]);
        }
    }

    #[test]
    fn karpenter() {
        // As Karpenter writes it: conditions with the generation that they are about.
        let pool = |status: &str, observed: u64| {
            json!({
                "metadata": {"generation": 2},
                "status": {"conditions": [
                    {"type": "ValidationSucceeded", "status": "True", "reason": "ValidationSucceeded", "observedGeneration": observed},
                    {"type": "Ready", "status": status, "reason": "NodeClassNotReady",
                     "message": "NodeClassReady=False", "observedGeneration": observed},
                ]},
            })
        };
        for kind in [("karpenter.sh/v1", "NodePool"), ("karpenter.k8s.aws/v1", "EC2NodeClass")] {
            check(
                kind,
                &[
                    ("as made", "in progress: has not said yet", json!({"metadata": {"generation": 1}})),
                    ("ready", "ready", pool("True", 2)),
                    (
                        "ready before the last change",
                        "in progress: not seen the last change",
                        pool("True", 1),
                    ),
                    (
                        "its class is not ready",
                        "in progress: NodeClassNotReady: NodeClassReady=False",
                        pool("False", 2),
                    ),
                ],
            );
        }
    }

    #[test]
    fn external_secrets() {
        check(
            ("external-secrets.io/v1", "ExternalSecret"),
            &[
                ("as made", "in progress: has not said yet", json!({})),
                (
                    "synchronized",
                    "ready",
                    json!({"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "SecretSynced", "message": "secret synced"}]}}),
                ),
                (
                    "no such secret in AWS",
                    "in progress: SecretSyncedError: could not get secret data from provider",
                    json!({"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "SecretSyncedError",
                    "message": "could not get secret data from provider"}]}}),
                ),
            ],
        );
        check(
            ("external-secrets.io/v1", "SecretStore"),
            &[
                ("as made", "in progress: has not said yet", json!({})),
                (
                    "without rights",
                    "in progress: InvalidProviderConfig: unable to create client",
                    json!({"status": {"conditions": [{"type": "Ready", "status": "False", "reason": "InvalidProviderConfig",
                    "message": "unable to create client"}]}}),
                ),
            ],
        );
    }

    #[test]
    fn api_services() {
        check(
            ("apiregistration.k8s.io/v1", "APIService"),
            &[
                ("as made", "in progress: has not said yet", json!({})),
                (
                    "local",
                    "ready",
                    json!({"status": condition("Available", "True", "Local", "Local APIServices are always available")}),
                ),
                (
                    "of metrics-server that does not run",
                    "in progress: MissingEndpoints: endpoints for service/metrics-server",
                    json!({"status": condition("Available", "False", "MissingEndpoints",
                    "endpoints for service/metrics-server in \"kube-system\" have no addresses with port name \"https\"")}),
                ),
            ],
        );
    }
}
