//! Which rule goes for which kind.

use airflow_eks_core::engine::Readiness;
use kube::Client;
use serde_json::Value;

use super::kinds::{self, any, claim};
use crate::{
    live::{Condition, group, kind, number, text},
    plain_text::{SENTENCE, clean},
};

/// What an object does not say itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the claim's storage class has `volumeBindingMode: WaitForFirstConsumer`: such a claim stays pending,
    /// as it should, until a pod uses it.
    pub binds_on_first_use: bool,
}

/// Whether an object can be used, as far as it says itself. A pending claim counts as being made.
///
/// The object has to hold its `apiVersion` and `kind`, which items of lists do not: without, it is never ready.
#[must_use]
pub fn of(live: &Value) -> Readiness {
    of_in(live, Surroundings::default())
}

/// Whether an object can be used.
#[must_use]
pub fn of_in(live: &Value, surroundings: Surroundings) -> Readiness {
    plain(by_kind(live, surroundings))
}

/// What controllers say may hold anything, and is shown on terminals.
fn plain(readiness: Readiness) -> Readiness {
    match readiness {
        Readiness::InProgress(why) => Readiness::InProgress(clean(&why, SENTENCE)),
        Readiness::Failed(why) => Readiness::Failed(clean(&why, SENTENCE)),
        other => other,
    }
}

fn by_kind(live: &Value, surroundings: Surroundings) -> Readiness {
    // Items of lists are like that. Taken for a kind without rules, each of them would be ready.
    if kind(live).is_empty() {
        return Readiness::InProgress("it does not say of which kind it is".to_owned());
    }
    // A namespace tells best itself what keeps it from going.
    if (group(live), kind(live)) == ("", "Namespace") {
        return kinds::namespace::readiness(live);
    }
    if live.pointer("/metadata/deletionTimestamp").is_some() {
        return Readiness::InProgress("it is being deleted".to_owned());
    }
    if let Some(not_seen) = unseen_change(live) {
        return not_seen;
    }
    match (group(live), kind(live)) {
        ("apps", "Deployment") => kinds::deployment::readiness(live),
        ("apps", "StatefulSet") => kinds::stateful_set::readiness(live),
        ("apps", "DaemonSet") => kinds::daemon_set::readiness(live),
        ("apps", "ReplicaSet") => kinds::replica_set::readiness(live),
        ("batch", "Job") => kinds::job::readiness(live),
        // It is there to start Jobs later; being suspended is a setting of it.
        ("batch", "CronJob") => Readiness::Ready,
        ("", "Pod") => kinds::pod::readiness(live),
        ("", "PersistentVolumeClaim") => claim::readiness(live, surroundings.binds_on_first_use),
        ("", "Service") => kinds::service::readiness(live),
        ("networking.k8s.io", "Ingress") => kinds::ingress::readiness(live),
        ("policy", "PodDisruptionBudget") => kinds::disruption_budget::readiness(live),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => kinds::definition::readiness(live),
        ("apiregistration.k8s.io", "APIService") => any::needs(live, "Available"),
        ("karpenter.sh", "NodePool" | "NodeClaim")
        | ("karpenter.k8s.aws", "EC2NodeClass")
        | (
            "external-secrets.io",
            "ExternalSecret" | "SecretStore" | "ClusterSecretStore" | "ClusterExternalSecret",
        )
        | ("keda.sh", "ScaledObject" | "ScaledJob") => any::needs(live, "Ready"),
        ("sparkoperator.k8s.io", "SparkApplication") => kinds::spark::application(live),
        ("sparkoperator.k8s.io", "ScheduledSparkApplication") => kinds::spark::scheduled(live),
        _ => any::readiness(live),
    }
}

/// Whether an object can be used, asking the API server for what the object does not say itself.
///
/// # Errors
/// A claim's storage class could not be read.
pub async fn assess(client: &Client, live: &Value) -> Result<Readiness, kube::Error> {
    let readiness = of(live);
    let is_claim = (group(live), kind(live)) == ("", "PersistentVolumeClaim");
    if !is_claim || !matches!(readiness, Readiness::InProgress(_)) || text(live, "/status/phase") != "Pending"
    {
        return Ok(readiness);
    }
    claim::assess(client, live).await.map(plain)
}

/// What is in progress while the controller has not seen the last change yet: whatever else the status says is old.
fn unseen_change(live: &Value) -> Option<Readiness> {
    let (generation, observed) =
        (number(live, "/metadata/generation")?, number(live, "/status/observedGeneration")?);
    (observed < generation)
        .then(|| Readiness::InProgress("its controller has not seen the last change yet".to_owned()))
}

/// What the two conditions say that kstatus has for every kind.
pub(super) fn standard_conditions(live: &Value) -> Option<Readiness> {
    if let Some(stalled) = Condition::of(live, "Stalled").filter(Condition::is_true) {
        return Some(Readiness::Failed(stalled.why()));
    }
    let reconciling = Condition::of(live, "Reconciling").filter(Condition::is_true);
    reconciling.map(|condition| Readiness::InProgress(condition.why()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_of_a_list_is_never_ready_by_mistake() {
        let item = json!({"metadata": {"name": "web"}, "status": {}});
        assert_eq!(of(&item), Readiness::InProgress("it does not say of which kind it is".to_owned()));
    }

    #[test]
    fn what_controllers_say_is_made_fit_for_terminals() {
        let live = json!({"apiVersion": "example.com/v1", "kind": "Widget", "status": {"conditions": [
            {"type": "Ready", "status": "False", "message": "\u{1b}[2Jgone\u{202e}"}]}});
        assert_eq!(of(&live), Readiness::InProgress("gone".to_owned()));
    }
}
