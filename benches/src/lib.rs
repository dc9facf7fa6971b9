//! Benchmarks of airflow-eks: see `README.md`, and here the objects that the cluster's contenders make.

use airflow_eks_core::graph::{ApplySet, KubernetesObject};
use serde_json::{Value, json};

/// The stack that the objects belong to.
pub const STACK: &str = "bench";
/// The namespace that they lie in.
pub const NAMESPACE: &str = "bench";

/// How many of them are Deployments.
#[must_use]
pub fn deployments(count: usize) -> usize {
    (0..count).filter(|number| number % 6 == 2).count()
}

/// As many assorted objects as a stack would have, with the stack's labels.
#[must_use]
pub fn objects(count: usize) -> Vec<KubernetesObject> {
    let set = ApplySet::of(STACK);
    let labelled = manifests(count).into_iter().map(|mut manifest| {
        manifest["metadata"]["labels"]["airflow-eks/stack"] = json!(STACK);
        manifest["metadata"]["labels"][ApplySet::PART_OF] = json!(set.id());
        manifest
    });
    labelled.filter_map(KubernetesObject::from_value).collect()
}

/// The same objects without the labels of a stack, for tools that set their own.
#[must_use]
pub fn manifests(count: usize) -> Vec<Value> {
    (0..count).map(manifest).collect()
}

fn manifest(number: usize) -> Value {
    let family = number / 6;
    let name = format!("component-{family}");
    let app = json!({ "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "airflow" });
    let mut manifest = match number % 6 {
        0 => json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "data": { "airflow.cfg": format!("[core]\nparallelism = {number}\nexecutor = KubernetesExecutor\n") } }),
        1 => json!({ "apiVersion": "v1", "kind": "ServiceAccount" }),
        2 => deployment(&name, &app),
        3 => json!({ "apiVersion": "v1", "kind": "Service",
            "spec": { "selector": app, "ports": [{ "name": "http", "port": 80, "targetPort": 8080 }] } }),
        4 => json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "rules": [{ "apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["create", "get", "list", "watch"] }] }),
        _ => json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name },
            "subjects": [{ "kind": "ServiceAccount", "name": name, "namespace": NAMESPACE }] }),
    };
    manifest["metadata"] = json!({ "name": name, "namespace": NAMESPACE, "labels": app });
    manifest
}

/// It wants no pods, so that nothing but its controller works on it.
fn deployment(name: &str, app: &Value) -> Value {
    json!({ "apiVersion": "apps/v1", "kind": "Deployment", "spec": {
        "replicas": 0,
        "selector": { "matchLabels": app },
        "template": { "metadata": { "labels": app }, "spec": {
            "serviceAccountName": name,
            "containers": [{
                "name": "main", "image": "apache/airflow:3.1.3", "args": ["scheduler"],
                "env": [{ "name": "AIRFLOW_HOME", "value": "/opt/airflow" }],
                "ports": [{ "name": "http", "containerPort": 8080 }],
                "resources": { "requests": { "cpu": "100m", "memory": "256Mi" } },
                "volumeMounts": [{ "name": "configuration", "mountPath": "/opt/airflow/config" }],
            }],
            "volumes": [{ "name": "configuration", "configMap": { "name": name } }],
        } },
    } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_one_of_its_own() {
        let ids: std::collections::BTreeSet<_> = objects(50).into_iter().map(|object| object.id).collect();
        assert_eq!((ids.len(), deployments(50)), (50, 8));
    }
}
