//! Applying the same again.

use airflow_eks_core::Graph;
use airflow_eks_core::plan::PlanOptions;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_plan_is_empty_and_writes_nothing() {
    let stack = Stack::new("repeated");
    let first = stack.apply(stack.objects()).await;
    assert_eq!(first.done.len(), stack.objects().len());
    let before = stack.versions();
    assert_eq!(stack.planned(stack.objects()).await, "");
    assert_eq!(stack.apply(stack.objects()).await.done, []);
    assert_eq!(stack.versions(), before);
}

/// The referees are other programs that follow the same convention.
#[tokio::test(flavor = "multi_thread")]
async fn kubectl_agrees_that_nothing_differs() {
    let stack = Stack::new("agreed");
    stack.apply(stack.objects()).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    // The Secret holds a mark in place of its value.
    let objects = stack.objects().into_iter().filter(|object| object.id.kind != "Secret");
    let items: Vec<_> = objects.map(|object| object.resolved(&|late| late.to_string())).collect();
    std::fs::write(file.path(), json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string())
        .unwrap();
    let path = file.path().to_str().unwrap();
    let manager = "--field-manager=airflow-eks";
    assert_eq!(stack.kubectl(&["diff", "--server-side", manager, "--filename", path]), "");
    let said = stack.kubectl(&["apply", "--server-side", "--dry-run=server", manager, "--filename", path]);
    assert_eq!(
        said.lines().filter(|line| line.contains("serverside-applied")).count(),
        items.len(),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_may_plan_and_apply_many_times() {
    let stack = Stack::new("again");
    let kubernetes = stack.kubernetes();
    let graph = Graph::of_objects(stack.objects());
    for _ in 0..3 {
        let outcome = stack.apply_with(&kubernetes, &graph, PlanOptions::default()).await;
        assert!(outcome.is_complete(), "{outcome:?}");
    }
    let (_, plan) = stack.plan(&kubernetes, &graph, PlanOptions::default()).await;
    assert!(plan.is_empty());
    stack.kubectl(&["label", "configmap", "config", "airflow-eks/stack-"]);
    let (_, plan) = stack.plan(&kubernetes, &graph, PlanOptions::default()).await;
    assert_eq!(plan.changes().count(), 1, "what changed in between is seen");
}

/// Names that would leave their place in a path, and data that would leave its place in a text.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_stay_in_their_place() {
    let stack = Stack::new("hostile");
    let role = stack.object(json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
        "metadata": { "name": "a:b?c=d#e&f g\"<h>" }, "rules": [] }));
    let config =
        stack.config_map("hostile", json!({ "a.b-c_d": "\u{0}\u{1b}[31m\n---\nkind: Namespace\n{{ x }}" }));
    let objects = || vec![stack.namespace_object(), role.clone(), config.clone()];
    stack.apply(objects()).await;
    assert_eq!(stack.planned(objects()).await, "");
    let outcome = stack.destroy().await;
    assert!(outcome.is_complete(), "{outcome:?}");
}

/// What never becomes ready is no reason to go on trying, for somebody who does not wait.
#[tokio::test(flavor = "multi_thread")]
async fn without_waiting_nothing_is_waited_for_again() {
    let stack = Stack::new("hurried");
    let mut body = stack.deployment("stuck", "stuck").resolved(&|late| late.to_string());
    body["spec"]["template"]["spec"]["nodeSelector"] = json!({ "no": "where" });
    let graph = Graph::of_objects(vec![stack.namespace_object(), stack.object(body)]);
    let outcome = stack.apply_with(&stack.kubernetes().no_wait(), &graph, PlanOptions::default()).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    let (_, plan) = stack.plan(&stack.kubernetes().no_wait(), &graph, PlanOptions::default()).await;
    assert!(plan.is_empty(), "{}", crate::stack::text(&plan));
    let (_, plan) = stack.plan(&stack.kubernetes(), &graph, PlanOptions::default()).await;
    assert!(crate::stack::text(&plan).starts_with("wait Deployment"), "{}", crate::stack::text(&plan));
}
