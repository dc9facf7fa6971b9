//! Ingresses.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{items, text};

/// The class of the AWS Load Balancer Controller, which gives every Ingress an address. Others may never do.
const CLASS: &str = "alb";

/// Its controller has given it an address, if it is one that does.
pub(crate) fn readiness(live: &Value) -> Readiness {
    let classes = ["/spec/ingressClassName", "/metadata/annotations/kubernetes.io~1ingress.class"];
    let has_class = classes.iter().any(|pointer| text(live, pointer) == CLASS);
    if has_class && items(live, "/status/loadBalancer/ingress").is_empty() {
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
                (
                    "as made",
                    "in progress: no address yet",
                    json!({"spec": {"ingressClassName": "alb"}, "status": {"loadBalancer": {}}}),
                ),
                (
                    "of a controller that may give none",
                    "ready",
                    json!({"spec": {"ingressClassName": "nginx"}, "status": {"loadBalancer": {}}}),
                ),
                (
                    "reachable",
                    "ready",
                    json!({"spec": {"ingressClassName": "alb"}, "status": {"loadBalancer": {"ingress": [{"hostname": "k8s-web.elb.example.com"}]}}}),
                ),
            ],
        );
    }
}
