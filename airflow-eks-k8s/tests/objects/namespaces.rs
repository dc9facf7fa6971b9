//! Namespaces, which take everything in them along.

use std::time::Duration;

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
