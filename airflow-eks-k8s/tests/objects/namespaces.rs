//! Namespaces, which take everything in them along.

use std::time::Duration;

use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Execution, Outcome};
use airflow_eks_core::plan::{Observations, Plan, PlanOptions};
use serde_json::json;

use crate::stack::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_with_something_of_others_in_it_is_not_deleted() {
    let stack = Stack::new("foreign");
    stack.apply(stack.objects()).await;
    stack.kubectl(&["create", "configmap", "theirs"]);
    let outcome = stack.destroy().await;
    let (id, failure) = outcome.failed.first().unwrap();
    assert_eq!(id.to_string(), format!("Namespace {}", stack.namespace));
    assert!(failure.message.contains("ConfigMap theirs"), "{failure}");
    assert!(!failure.message.contains("kube-root-ca.crt"), "{failure}");
    assert_eq!(outcome.failed.len(), 1, "{outcome:?}");
    assert_eq!(stack.get("configmap/theirs")["metadata"]["name"], "theirs");

    stack.kubectl(&["delete", "configmap", "theirs"]);
    let outcome = stack.destroy().await;
    assert!(outcome.is_complete(), "{outcome:?}");
    let left = stack.bed.kubectl().run("look", &["get", "namespace", &stack.namespace, "--ignore-not-found"]);
    assert_eq!(left.unwrap(), "");
}

/// Operators make certificates, and the cluster makes volumes, without an owner and without any mark of the stack.
#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_of_an_add_on_goes_with_what_controllers_made_but_not_with_data() {
    let stack = Stack::new("addon");
    let namespace = stack.cluster_wide(json!({ "apiVersion": "v1", "kind": "Namespace",
        "metadata": { "name": stack.namespace, "labels": { "app.kubernetes.io/component": "keda" } } }));
    let stateful_set = stack.object(json!({
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "web" },
        "spec": {
            "serviceName": "web",
            "selector": { "matchLabels": { "app": "web" } },
            "template": {
                "metadata": { "labels": { "app": "web" } },
                "spec": { "containers": [{ "name": "main", "image": "pause:1" }] },
            },
            "volumeClaimTemplates": [{ "metadata": { "name": "data" }, "spec": {
                "storageClassName": "", "accessModes": ["ReadWriteOnce"],
                "resources": { "requests": { "storage": "1Gi" } } } }],
        },
    }));
    let graph = Graph::of_objects(vec![namespace, stateful_set]);
    let kubernetes = stack.kubernetes().no_wait();
    let outcome = stack.apply_with(&kubernetes, &graph, PlanOptions::default()).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    stack.kubectl(&["wait", "--for=create", "persistentvolumeclaim/data-web-0", "--timeout=60s"]);
    stack.kubectl(&["create", "secret", "generic", "kedaorg-certs", "--field-manager=keda"]);
    stack.kubectl(&["create", "secret", "generic", "theirs", "--field-manager=some-operator"]);

    let failed = |outcome: &Outcome| outcome.failed.first().map(|(_, failure)| failure.clone()).unwrap();
    let failure = failed(&stack.destroy().await);
    assert!(failure.message.ends_with("would go with it: Secret theirs"), "{failure}");
    stack.kubectl(&["delete", "secret", "theirs"]);
    let failure = failed(&stack.destroy().await);
    assert!(failure.message.ends_with("would go with it: PersistentVolumeClaim data-web-0"), "{failure}");
    assert!(failure.hint.unwrap().contains("--delete-data"));
    assert_eq!(stack.get("pvc/data-web-0")["metadata"]["name"], "data-web-0");

    let kubernetes = stack.kubernetes().deleting_data(true);
    let plan = Plan::destroy(&kubernetes.owned().await.unwrap());
    let (graph, observed) = (Graph::default(), Observations::default());
    let outcome = Execution::of(plan, &graph, &observed, &kubernetes).finish().await;
    assert!(outcome.is_complete(), "{outcome:?}");
}

/// Where people work, somebody may have set up the operator that made it.
#[tokio::test(flavor = "multi_thread")]
async fn what_controllers_made_where_people_work_is_somebodys() {
    let stack = Stack::new("people");
    stack.apply(vec![stack.namespace_object()]).await;
    stack.kubectl(&["create", "secret", "generic", "certs", "--field-manager=keda"]);
    let outcome = stack.destroy().await;
    assert!(outcome.failed[0].1.message.contains("Secret certs"), "{outcome:?}");
    assert_eq!(stack.get("secret/certs")["metadata"]["name"], "certs");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_go_says_what_holds_it() {
    let stack = Stack::in_namespace_of_others("held");
    stack.apply(vec![stack.config_map("held", json!({}))]).await;
    stack.kubectl(&[
        "patch",
        "configmap",
        "held",
        "--patch",
        r#"{"metadata":{"finalizers":["example.invalid/held"]}}"#,
    ]);
    let kubernetes = stack.kubernetes().waiting(Some(Duration::from_secs(2)));
    let owned = kubernetes.owned().await.unwrap();
    let failure = airflow_eks_core::engine::Provider::delete(&kubernetes, &owned[0]).await.unwrap_err();
    assert!(failure.message.contains("it waits for `example.invalid/held` since 20"), "{failure}");
    // Once it is free it goes, also in the middle of waiting.
    let again = stack.kubernetes();
    let waiting =
        tokio::spawn(async move { airflow_eks_core::engine::Provider::delete(&again, &owned[0]).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    stack.kubectl(&["patch", "configmap", "held", "--patch", r#"{"metadata":{"finalizers":null}}"#]);
    waiting.await.unwrap().unwrap();
}

/// Another object of the same name is another one.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_anew_by_others_is_not_deleted() {
    let stack = Stack::in_namespace_of_others("anew");
    stack.apply(vec![stack.config_map("config", json!({}))]).await;
    let kubernetes = stack.kubernetes();
    let owned = kubernetes.owned().await.unwrap();
    stack.kubectl(&["delete", "configmap", "config"]);
    stack.kubectl(&["create", "configmap", "config", "--from-literal=a=theirs"]);
    airflow_eks_core::engine::Provider::delete(&kubernetes, &owned[0]).await.unwrap();
    assert_eq!(stack.get("configmap/config")["data"]["a"], "theirs");
}
