//! Changes that the server does not take.

use serde_json::{Value, json};

use crate::stack::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_with_another_selector_is_made_again() {
    let stack = Stack::new("selector");
    stack.apply(vec![stack.namespace_object(), stack.deployment("web", "old")]).await;
    let before = stack.get("deployment/web")["metadata"]["uid"].clone();
    let objects = || vec![stack.namespace_object(), stack.deployment("web", "new")];
    let plan = stack.planned(objects()).await;
    assert!(plan.starts_with("replace Deployment"), "{plan}");
    assert!(plan.contains("  forced by spec.selector"), "{plan}");
    assert!(plan.contains("  spec.selector.matchLabels.app: \"old\" -> \"new\""), "{plan}");
    stack.apply(objects()).await;
    assert_ne!(stack.get("deployment/web")["metadata"]["uid"], before);
    assert_eq!(stack.planned(objects()).await, "");
}

fn claim(stack: &Stack, class: &str, size: &str) -> Value {
    let _ = stack;
    json!({ "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": "dags" },
        "spec": { "accessModes": ["ReadWriteOnce"], "storageClassName": class,
            "resources": { "requests": { "storage": size } } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_never_made_again() {
    let stack = Stack::new("claim");
    let objects = |class: &str| vec![stack.namespace_object(), stack.object(claim(&stack, class, "1Gi"))];
    let graph = airflow_eks_core::Graph::of_objects(objects("old"));
    let outcome = stack.apply_with(&stack.kubernetes().no_wait(), &graph, Default::default()).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    let plan = stack.planned(objects("new")).await;
    assert!(plan.starts_with("blocked PersistentVolumeClaim"), "{plan}");
    assert!(plan.contains("cannot be changed while it is there"), "{plan}");
    assert!(plan.contains("  spec.storageClassName: \"old\" -> \"new\""), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_is_said_before_anything_is_done() {
    let stack = Stack::new("refused");
    stack.apply(vec![stack.namespace_object(), stack.deployment("web", "web")]).await;
    let mut body = stack.deployment("web", "web").resolved(&|late| late.to_string());
    body["spec"]["template"]["spec"]["restartPolicy"] = json!("Never");
    let plan = stack.planned(vec![stack.namespace_object(), stack.object(body)]).await;
    assert!(plan.starts_with("blocked Deployment"), "{plan}");
    assert!(plan.contains("because the cluster would refuse it: spec.template.spec.restartPolicy"), "{plan}");
}
