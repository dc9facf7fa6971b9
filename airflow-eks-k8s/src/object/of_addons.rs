//! What the controllers of add-ons make in the namespaces of their releases, without an owner and without any mark of the
//! stack: certificates of webhooks, volumes of what they run.
//!
//! Who wrote an object is told by the server, by the names under which programs write. Only these are known to be no person's:
//! whatever else has written to an object is taken for somebody who wants to keep it.

use super::listing::Metadata;

/// The label that says what a namespace is for.
pub(super) const COMPONENT: &str = "app.kubernetes.io/component";

/// What namespaces are for that a release of the stack lives in: those of the add-ons' own, none that people work in. They
/// are given in core's `desired/kubernetes/addons/`.
const ADDONS: [&str; 9] = [
    "cloudwatch-metrics",
    "external-secrets",
    "fluent-bit",
    "karpenter",
    "keda",
    "kubecost",
    "monitoring",
    "spark-history-server",
    "spark-operator",
];

/// Controllers of the cluster, and programs of the add-ons. Who says no other name writes under that of the program, up to the
/// first slash. See <https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers>.
const CONTROLLERS: [&str; 13] = [
    "PrometheusOperator",
    "cainjector",
    "controller",
    "csi-provisioner",
    "csi-resizer",
    "external-secrets",
    "karpenter",
    "keda",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-webhook-certgen",
    "operator",
    "spark-operator",
];

/// Whether a namespace of the stack with this label holds an add-on.
pub(super) fn is_of_addon(component: Option<&str>) -> bool {
    component.is_some_and(|component| ADDONS.contains(&component))
}

/// Whether nobody but controllers has ever written to an object. Where the server does not say who did, somebody may have.
pub(super) fn is_made_by_controllers(object: &Metadata) -> bool {
    let mut managers = object.managed_fields.iter().map(|entry| entry.manager.as_str());
    !object.managed_fields.is_empty() && managers.all(|manager| CONTROLLERS.contains(&manager))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written_by(managers: &[&str]) -> bool {
        let entries: Vec<_> = managers.iter().map(|manager| json!({ "manager": manager })).collect();
        is_made_by_controllers(&serde_json::from_value(json!({ "managedFields": entries })).unwrap())
    }

    #[test]
    fn whoever_is_not_known_for_a_controller_may_be_a_person() {
        assert!(written_by(&["keda"]));
        assert!(written_by(&["kube-controller-manager", "kube-scheduler"]));
        for person in
            ["kubectl-create", "helm", "k9s", "Mozilla", "OpenAPI-Generator", "Terraform", "manager", ""]
        {
            assert!(!written_by(&[person]) && !written_by(&["keda", person]), "{person}");
        }
        assert!(!written_by(&[]), "nobody knows who");
    }
}
