//! Services.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{items, text};

/// A load balancer has its address; every other Service is there once it is made.
pub(crate) fn readiness(live: &Value) -> Readiness {
    let waits =
        text(live, "/spec/type") == "LoadBalancer" && items(live, "/status/loadBalancer/ingress").is_empty();
    if waits { Readiness::InProgress("it has no address yet".to_owned()) } else { Readiness::Ready }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        check(
            ("v1", "Service"),
            &[
                ("inside", "ready", json!({"spec": {"type": "ClusterIP"}, "status": {"loadBalancer": {}}})),
                ("a name", "ready", json!({"spec": {"type": "ExternalName"}})),
                (
                    "being made",
                    "in progress: no address yet",
                    json!({"spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {}}}),
                ),
                (
                    "balanced",
                    "ready",
                    json!({"spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {"ingress": [{"hostname": "k8s-web.elb.example.com"}]}}}),
                ),
            ],
        );
    }
}
