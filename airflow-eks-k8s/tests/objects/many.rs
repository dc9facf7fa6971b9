//! Many objects, and what looking at them costs.

use airflow_eks_core::Graph;
use airflow_eks_core::graph::KubernetesObject;
use airflow_eks_core::plan::PlanOptions;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::stack::{Stack, text};

fn objects(stack: &Stack) -> Vec<KubernetesObject> {
    let mut objects = stack.objects();
    objects.extend(
        (0..600)
            .map(|number| stack.config_map(&format!("config-{number}"), json!({ "n": number.to_string() }))),
    );
    objects
}

/// A kubeconfig of somebody who may list, and nothing else but read one object: the parent.
fn lister(stack: &Stack) -> NamedTempFile {
    let name = &stack.name;
    let run = |arguments: &[&str]| stack.bed.kubectl().run("allow listing", arguments).unwrap();
    run(&["create", "clusterrole", name, "--verb=list", "--resource=*.*"]);
    run(&["create", "clusterrolebinding", name, &format!("--clusterrole={name}"), &format!("--user={name}")]);
    let parent = format!("--resource-name=airflow-eks-{name}");
    run(&["create", "role", name, "--verb=get", "--resource=configmaps", &parent, "--namespace=kube-system"]);
    run(&[
        "create",
        "rolebinding",
        name,
        &format!("--role={name}"),
        &format!("--user={name}"),
        "--namespace=kube-system",
    ]);
    let mut config = stack.kubeconfig();
    config["users"][0]["user"]["as"] = json!(name);
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();
    file
}

/// Reading one by one, trying and writing are forbidden to who plans here, so lists have to be enough.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_what_is_unchanged_only_lists() {
    let stack = Stack::new("many");
    stack.apply(objects(&stack)).await;
    let file = lister(&stack);
    let kubernetes = stack.kubernetes_through(file.path());
    let (observed, plan) =
        stack.plan(&kubernetes, &Graph::of_objects(objects(&stack)), PlanOptions::default()).await;
    assert!(plan.is_empty(), "{}", text(&plan));
    assert_eq!(observed.owned.len(), objects(&stack).len());

    // The counterpart: what may differ has to be asked for, which is forbidden here and said so.
    stack.kubectl(&["label", "configmap", "config-1", "airflow-eks/stack-"]);
    let kubernetes = stack.kubernetes_through(file.path());
    let (_, plan) =
        stack.plan(&kubernetes, &Graph::of_objects(objects(&stack)), PlanOptions::default()).await;
    let plan = text(&plan);
    assert!(plan.contains("Forbidden") && plan.starts_with("blocked ConfigMap"), "{plan}");
    for kind in ["clusterrole", "clusterrolebinding"] {
        stack.bed.kubectl().run("clean up", &["delete", kind, &stack.name]).unwrap();
    }
    for kind in ["role", "rolebinding"] {
        stack
            .bed
            .kubectl()
            .run("clean up", &["delete", kind, &stack.name, "--namespace=kube-system"])
            .unwrap();
    }
}
