//! What others have changed.

use airflow_eks_core::Graph;
use airflow_eks_core::plan::PlanOptions;
use serde_json::json;

use crate::stack::{Stack, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_shown_with_who_did_it_and_mended() {
    let stack = Stack::new("drift");
    stack.apply(stack.objects()).await;
    stack.kubectl(&["label", "--overwrite", "deployment", "scheduler", "airflow-eks/stack=other"]);
    stack.kubectl(&["scale", "deployment", "scheduler", "--replicas=3"]);
    stack.kubectl(&["set", "image", "deployment/scheduler", "main=pause:2"]);
    stack.kubectl(&["delete", "configmap", "config"]);
    stack.kubectl(&["patch", "service", "web", "--patch", r#"{"spec":{"selector":{"app":"other"}}}"#]);
    let plan = stack.planned(stack.objects()).await;
    let label =
        format!("  metadata.labels.airflow-eks/stack: \"other\" -> \"{}\" (by kubectl-label)", stack.name);
    for line in [
        "create ConfigMap ",
        "update Deployment ",
        &label,
        "  spec.replicas: 3 -> 1 (by kubectl)",
        "  spec.template.spec.containers[name=main].image: \"pause:2\" -> \"pause:1\" (by kubectl-set)",
        "update Service ",
        "  spec.selector.app: \"other\" -> \"web\" (by kubectl-patch)",
    ] {
        assert!(plan.contains(line), "{line} not in\n{plan}");
    }
    assert_eq!(plan.lines().filter(|line| !line.starts_with(' ')).count(), 3, "{plan}");
    stack.apply(stack.objects()).await;
    assert_eq!(stack.planned(stack.objects()).await, "");
    let live = stack.get("deployment/scheduler");
    assert_eq!(live["spec"]["replicas"], 1);
    assert_eq!(live["spec"]["template"]["spec"]["containers"][0]["image"], "pause:1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stack_no_longer_says_goes_and_what_others_added_stays() {
    let stack = Stack::new("removed");
    let with = |data| vec![stack.namespace_object(), stack.config_map("config", data)];
    stack.apply(with(json!({ "a": "1", "b": "2" }))).await;
    stack.kubectl(&["patch", "configmap", "config", "--patch", r#"{"data":{"theirs":"3"}}"#]);
    assert_eq!(stack.planned(with(json!({ "a": "1", "b": "2" }))).await, "");
    let plan = stack.planned(with(json!({ "a": "1" }))).await;
    assert!(plan.ends_with("  data.b: \"2\" -> nothing"), "{plan}");
    stack.apply(with(json!({ "a": "1" }))).await;
    assert_eq!(stack.get("configmap/config")["data"], json!({ "a": "1", "theirs": "3" }));
}

/// What the autoscaler's controller does: it sets the subresource `scale` under its own name.
#[tokio::test(flavor = "multi_thread")]
async fn the_replicas_of_an_autoscaler_are_left_alone() {
    let stack = Stack::new("scaled");
    stack.apply(stack.objects()).await;
    stack.kubectl(&[
        "patch",
        "deployment",
        "scheduler",
        "--subresource=scale",
        "--field-manager=kube-controller-manager",
        "--type=merge",
        "--patch",
        r#"{"spec":{"replicas":4}}"#,
    ]);
    stack.kubectl(&["rollout", "status", "deployment/scheduler", "--timeout=60s"]);
    assert_eq!(stack.planned(stack.objects()).await, "");
    // Something else changes, and the replicas still stay.
    let mut objects = stack.objects();
    objects.retain(|object| object.id.kind != "Deployment");
    let mut deployment = stack.deployment("scheduler", "scheduler").resolved(&|late| late.to_string());
    deployment["spec"]["template"]["spec"]["containers"][0]["image"] = json!("pause:3");
    objects.push(stack.object(deployment));
    stack.apply(objects.clone()).await;
    let live = stack.get("deployment/scheduler");
    assert_eq!(live["spec"]["replicas"], 4);
    assert_eq!(live["spec"]["template"]["spec"]["containers"][0]["image"], "pause:3");
    assert_eq!(stack.planned(objects).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_another_tool_applies_is_a_conflict_that_names_it() {
    let stack = Stack::new("conflict");
    let objects = || vec![stack.namespace_object(), stack.config_map("config", json!({ "a": "1" }))];
    stack.apply(objects()).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let theirs = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "config" }, "data": { "a": "theirs" } });
    std::fs::write(file.path(), theirs.to_string()).unwrap();
    stack.kubectl(&[
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=kustomize-controller",
        "--filename",
        file.path().to_str().unwrap(),
    ]);
    let plan = stack.planned(objects()).await;
    assert!(plan.contains("because `data.a` is kept by `kustomize-controller`"), "{plan}");
    assert_eq!(stack.get("configmap/config")["data"]["a"], "theirs");

    let (graph, adopt) =
        (Graph::of_objects(objects()), PlanOptions { adopt: true, ..PlanOptions::default() });
    let (_, plan) = stack.plan(&stack.kubernetes(), &graph, adopt).await;
    assert!(text(&plan).contains("data.a: \"theirs\" -> \"1\" (by kustomize-controller)"), "{}", text(&plan));
    let outcome = stack.apply_with(&stack.kubernetes(), &graph, adopt).await;
    assert!(!outcome.is_complete(), "without being told so, it does not force");
    let outcome = stack.apply_with(&stack.kubernetes().adopting(true), &graph, adopt).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    assert_eq!(stack.get("configmap/config")["data"]["a"], "1");
}
