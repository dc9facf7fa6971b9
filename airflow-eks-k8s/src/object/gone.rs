//! Waiting until an object is gone.

use std::time::Duration;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use kube::Client;
use kube::api::{Api, DynamicObject};
use kube::runtime::wait::{await_condition, conditions};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use super::live::{get, uid as uid_of};
use crate::discovery::Served;
use crate::error::other;
use crate::kubernetes::Kubernetes;

/// How long an object is given to go; what is in a namespace goes with it.
const DEADLINE: Duration = Duration::from_secs(5 * 60);
const DEADLINE_OF_NAMESPACES: Duration = Duration::from_secs(10 * 60);
/// Karpenter drains the nodes first.
const DEADLINE_OF_NODES: Duration = Duration::from_secs(20 * 60);

impl Kubernetes {
    /// Waits until the object with this uid is gone.
    pub(super) async fn await_gone(
        &self,
        client: &Client,
        served: &Served,
        id: &ObjectId,
        uid: &str,
    ) -> Result<(), Failure> {
        let usual = match id.kind.as_str() {
            "Namespace" => DEADLINE_OF_NAMESPACES,
            "NodePool" | "EC2NodeClass" => DEADLINE_OF_NODES,
            _ => DEADLINE,
        };
        let patience = self.options.deadline.unwrap_or(usual);
        let deadline = Instant::now() + patience;
        let api: Api<DynamicObject> = match &id.namespace {
            Some(namespace) => Api::namespaced_with(client.clone(), namespace, &served.resource),
            None => Api::all_with(client.clone(), &served.resource),
        };
        loop {
            let gone = await_condition(api.clone(), &id.name, conditions::is_deleted(uid));
            match timeout_at(deadline, gone).await {
                Ok(Ok(_)) => return Ok(()),
                // A watch that was cut off.
                Ok(Err(_)) if Instant::now() < deadline => sleep(Duration::from_secs(1)).await,
                _ => break,
            }
        }
        match get(client, served, id).await? {
            Some(live) if uid_of(&live) == uid => {
                let message =
                    format!("it is still there after {} s: {}", patience.as_secs(), what_holds(&live));
                Err(other(&id.to_string(), "delete", message))
            }
            _ => Ok(()),
        }
    }
}

/// What keeps an object from going.
fn what_holds(live: &Value) -> String {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    // A namespace says it best itself.
    let conditions = live.pointer("/status/conditions").and_then(Value::as_array).into_iter().flatten();
    let mut reasons: Vec<String> = conditions
        .filter(|condition| {
            let kind = text(condition, "type");
            text(condition, "status") == "True"
                && (kind.starts_with("Namespace")
                    && (kind.ends_with("Remaining") || kind.ends_with("Failure")))
        })
        .map(|condition| text(condition, "message"))
        .collect();
    let lists = ["/metadata/finalizers", "/spec/finalizers"].map(|path| live.pointer(path));
    let finalizers =
        lists.into_iter().flatten().filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let finalizers: Vec<String> = finalizers.map(|finalizer| format!("`{finalizer}`")).collect();
    let since = live.pointer("/metadata/deletionTimestamp").and_then(Value::as_str).unwrap_or("now");
    if !finalizers.is_empty() {
        reasons.push(format!("it waits for {} since {since}", finalizers.join(", ")));
    }
    if reasons.is_empty() {
        reasons
            .push(format!("it is being deleted since {since}, and says nothing about why it takes so long"));
    }
    reasons.join("; ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_holds_an_object_is_said() {
        let live = json!({ "metadata": { "finalizers": ["kubernetes.io/pvc-protection"],
            "deletionTimestamp": "2026-01-01T00:00:00Z" } });
        assert_eq!(
            what_holds(&live),
            "it waits for `kubernetes.io/pvc-protection` since 2026-01-01T00:00:00Z"
        );
    }
}
