//! Claims on volumes.

use airflow_eks_core::engine::Readiness;
use kube::{
    Api, Client,
    api::{ApiResource, DynamicObject},
    core::GroupVersionKind,
};
use serde_json::Value;

use crate::live::text;

/// Where the scheduler notes the node for which a volume is to be made, once a pod uses the claim.
const SELECTED_NODE: &str = "/metadata/annotations/volume.kubernetes.io~1selected-node";

/// Bound, or waiting for the pod that is to use it, as its class says.
/// <https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode>
pub(crate) fn readiness(live: &Value, binds_on_first_use: bool) -> Readiness {
    match text(live, "/status/phase") {
        "Bound" => Readiness::Ready,
        "Lost" => Readiness::Failed(format!("its volume {} is gone", text(live, "/spec/volumeName"))),
        _ if binds_on_first_use && text(live, SELECTED_NODE).is_empty() => Readiness::Ready,
        _ => Readiness::InProgress(format!("it waits for a volume of {}", class_in_words(live))),
    }
}

fn class_in_words(live: &Value) -> String {
    match text(live, "/spec/storageClassName") {
        "" => "no storage class".to_owned(),
        class => format!("storage class {class}"),
    }
}

/// Whether a pending claim can be used: that is for its class to say.
pub(crate) async fn assess(client: &Client, live: &Value) -> Result<Readiness, kube::Error> {
    let class = text(live, "/spec/storageClassName");
    if class.is_empty() {
        return Ok(readiness(live, false));
    }
    let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("storage.k8s.io", "v1", "StorageClass"));
    let classes: Api<DynamicObject> = Api::all_with(client.clone(), &kind);
    Ok(match classes.get_opt(class).await? {
        Some(found) => {
            let on_first_use =
                found.data.get("volumeBindingMode").and_then(Value::as_str) == Some("WaitForFirstConsumer");
            readiness(live, on_first_use)
        }
        None => Readiness::InProgress(format!("its storage class {class} does not exist")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        check(
            ("v1", "PersistentVolumeClaim"),
            &[
                ("bound", "ready", json!({"status": {"phase": "Bound"}})),
                (
                    "pending",
                    "in progress: a volume of storage class efs",
                    json!({"spec": {"storageClassName": "efs"}, "status": {"phase": "Pending"}}),
                ),
                (
                    "without a class",
                    "in progress: a volume of no storage class",
                    json!({"status": {"phase": "Pending"}}),
                ),
                (
                    "lost",
                    "failed: its volume pv-1 is gone",
                    json!({"spec": {"volumeName": "pv-1"}, "status": {"phase": "Lost"}}),
                ),
            ],
        );
    }

    #[test]
    fn one_that_binds_on_first_use_is_ready_until_it_is_used() {
        let mut claim = json!({"spec": {"storageClassName": "gp3"}, "status": {"phase": "Pending"}});
        assert_eq!(readiness(&claim, true), Readiness::Ready);
        claim["metadata"]["annotations"] = json!({"volume.kubernetes.io/selected-node": "node-1"});
        assert_eq!(
            readiness(&claim, true),
            Readiness::InProgress("it waits for a volume of storage class gp3".to_owned())
        );
    }
}
