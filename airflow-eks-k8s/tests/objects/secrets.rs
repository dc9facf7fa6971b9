//! Secrets are written, and never shown.

use airflow_eks_core::Graph;
use airflow_eks_core::graph::{GeneratedSecret, KubernetesObject, Late};
use airflow_eks_core::plan::PlanOptions;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::stack::{SECRET, Stack, text};

fn secret(stack: &Stack, around: &str) -> KubernetesObject {
    let key = Late::Secret(GeneratedSecret::FernetKey).mark();
    stack.object(json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "key" },
        "stringData": { "key": format!("{around}{key}") } }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_written_and_shown_nowhere() {
    let stack = Stack::new("hidden");
    let graph = |around: &str| Graph::of_objects(vec![stack.namespace_object(), secret(&stack, around)]);
    let kubernetes = stack.kubernetes();
    let mut seen = format!("{kubernetes:?}");
    for around in ["one-", "two-"] {
        let (observed, plan) = stack.plan(&kubernetes, &graph(around), PlanOptions::default()).await;
        seen.push_str(&format!("{observed:?}{plan:?}{}", text(&plan)));
        let outcome = stack.apply_with(&kubernetes, &graph(around), PlanOptions::default()).await;
        assert!(outcome.is_complete(), "{outcome:?}");
        seen.push_str(&format!("{outcome:?}"));
    }
    let written = STANDARD.encode(format!("two-{SECRET}"));
    assert_eq!(stack.get("secret/key")["data"]["key"], json!(written));
    for hidden in [SECRET.to_owned(), written, STANDARD.encode(format!("one-{SECRET}"))] {
        assert!(!seen.contains(&hidden), "{hidden} in {seen}");
    }
    assert!(seen.contains("(secret)"), "{seen}");
    let (_, plan) = stack.plan(&stack.kubernetes(), &graph("two-"), PlanOptions::default()).await;
    assert!(plan.is_empty(), "{}", text(&plan));
}

/// The API server repeats what it does not take.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_secret_is_not_repeated() {
    let stack = Stack::new("repeats");
    let key = Late::Secret(GeneratedSecret::FernetKey).mark();
    let object = stack.object(json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "key" },
        "type": "kubernetes.io/dockerconfigjson", "stringData": { ".dockerconfigjson": format!("no json {key}") } }));
    let graph = Graph::of_objects(vec![stack.namespace_object(), object]);
    let outcome = stack.apply_with(&stack.kubernetes(), &graph, PlanOptions::default()).await;
    let (_, failure) = outcome.failed.first().unwrap();
    assert!(
        failure.code.as_deref() == Some("Invalid") && !format!("{failure:?}").contains(SECRET),
        "{failure:?}"
    );
}
