//! Ingresses.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::items;

/// Its controller has given it an address.
pub(crate) fn readiness(live: &Value) -> Readiness {
    if items(live, "/status/loadBalancer/ingress").is_empty() {
        Readiness::InProgress("it has no address yet".to_owned())
    } else {
        Readiness::Ready
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::readiness::kinds::table::check;

    #[test]
    fn statuses() {
        check(
            ("networking.k8s.io/v1", "Ingress"),
            &[
                ("as made", "in progress: no address yet", json!({"status": {"loadBalancer": {}}})),
                (
                    "reachable",
                    "ready",
                    json!({"status": {"loadBalancer": {"ingress": [{"hostname": "k8s-web.elb.example.com"}]}}}),
                ),
            ],
        );
    }
}
