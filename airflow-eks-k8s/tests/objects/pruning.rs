//! What the stack no longer wants.

use std::fmt::Write as _;

use airflow_eks_core::Graph;
use airflow_eks_core::graph::ApplySet;
use airflow_eks_core::plan::PlanOptions;
use serde_json::{Value, json};

use crate::stack::{Stack, names};

#[tokio::test(flavor = "multi_thread")]
async fn exactly_what_is_the_stacks_own_is_pruned() {
    let stack = Stack::in_namespace_of_others("pruned");
    let kept = || vec![stack.config_map("kept", json!({}))];
    let mut objects = kept();
    objects.extend(stack.objects().into_iter().filter(|object| object.id.kind != "Namespace"));
    stack.apply(objects.clone()).await;

    // 200 that look alike: labels of other stacks, of other sets, of other tools, or nearly the same names.
    let other = ApplySet::of(&format!("{}-other", stack.name)).id().to_owned();
    let mut manifest = String::new();
    for number in 0..200 {
        let labels = match number % 5 {
            0 => json!({ "airflow-eks/stack": format!("{}-other", stack.name), ApplySet::PART_OF: other }),
            1 => {
                json!({ "app.kubernetes.io/managed-by": "airflow-eks", "app.kubernetes.io/part-of": stack.name })
            }
            2 => json!({ ApplySet::PART_OF: other }),
            3 => json!({ "airflow-eks.stack": stack.name }),
            _ => json!({}),
        };
        let kind = if number % 2 == 0 { "ConfigMap" } else { "ServiceAccount" };
        let object = json!({ "apiVersion": "v1", "kind": kind,
            "metadata": { "name": format!("config-{number}"), "labels": labels } });
        writeln!(manifest, "---\n{object}").unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), manifest).unwrap();
    stack.kubectl(&["create", "--filename", file.path().to_str().unwrap()]);

    let (_, plan) = stack.plan(&stack.kubernetes(), &Graph::of_objects(kept()), PlanOptions::default()).await;
    let mut deleted = names(plan.changes().map(|step| &step.id));
    let mut expected = names(
        objects
            .iter()
            .skip(1)
            .map(airflow_eks_core::graph::KubernetesObject::resource_id)
            .collect::<Vec<_>>()
            .iter(),
    );
    deleted.sort();
    expected.sort();
    assert_eq!(deleted, expected);
    stack.apply(kept()).await;
    let left = stack.kubectl(&["get", "configmaps,serviceaccounts", "--output=name"]);
    assert_eq!(left.lines().filter(|line| line.contains("/config-")).count(), 200);
    assert!(
        left.contains("configmap/kept") && !left.lines().any(|line| line == "configmap/config"),
        "{left}"
    );
    assert_eq!(parent(&stack)["metadata"]["annotations"][ApplySet::GROUP_KINDS], "ConfigMap");
}

fn parent(stack: &Stack) -> Value {
    let name = format!("airflow-eks-{}", stack.name);
    let text = stack
        .bed
        .kubectl()
        .run("get the parent", &["get", "configmap", &name, "--namespace=kube-system", "--output=json"]);
    serde_json::from_str(&text.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parent_follows_the_convention() {
    let stack = Stack::new("parent");
    stack.apply(stack.objects()).await;
    let parent = parent(&stack);
    let annotations = &parent["metadata"]["annotations"];
    assert_eq!(parent["metadata"]["labels"][ApplySet::ID], ApplySet::of(&stack.name).id());
    assert_eq!(
        annotations[ApplySet::GROUP_KINDS],
        "ConfigMap,Deployment.apps,Namespace,PodDisruptionBudget.policy,Role.rbac.authorization.k8s.io,\
         RoleBinding.rbac.authorization.k8s.io,Secret,Service,ServiceAccount"
    );
    assert_eq!(annotations[ApplySet::NAMESPACES], stack.namespace);
    let outcome = stack.destroy().await;
    assert!(outcome.is_complete(), "{outcome:?}");
    let name = format!("configmap/airflow-eks-{}", stack.name);
    let left =
        stack.bed.kubectl().run("look", &["get", &name, "--namespace=kube-system", "--ignore-not-found"]);
    assert_eq!(left.unwrap(), "", "with the last member, the parent goes");
}

/// Whoever deletes the parent does not make orphans of its members.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_parent_everything_is_still_found() {
    let stack = Stack::new("orphans");
    stack.apply(stack.objects()).await;
    let name = format!("airflow-eks-{}", stack.name);
    stack.bed.kubectl().run("delete", &["delete", "configmap", &name, "--namespace=kube-system"]).unwrap();
    assert_eq!(stack.kubernetes().owned().await.unwrap().len(), stack.objects().len());
    let outcome = stack.destroy().await;
    assert!(outcome.is_complete(), "{outcome:?}");
}

/// A run that is cut short anywhere leaves nothing that the next one does not find.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_that_the_parent_does_not_tell_of() {
    let stack = Stack::new("killed");
    let graph = Graph::of_objects(stack.objects());
    for events in [1, 4, 9, 15] {
        let kubernetes = stack.kubernetes();
        let (observed, plan) = stack.plan(&kubernetes, &graph, PlanOptions::default()).await;
        let mut execution = airflow_eks_core::engine::Execution::of(plan, &graph, &observed, &kubernetes);
        for _ in 0..events {
            execution.next().await;
        }
        drop(execution);
        let found = stack.kubernetes().owned().await.unwrap();
        let namespace = stack
            .bed
            .kubectl()
            .run("look", &["get", "namespace", &stack.namespace, "--ignore-not-found", "--output=name"]);
        let there = usize::from(!namespace.unwrap().is_empty())
            + stack.versions().lines().filter(|line| !line.ends_with("/") && !line.ends_with("None")).count();
        assert_eq!(found.len(), there, "{found:?}\n{}", stack.versions());
    }
    stack.apply(stack.objects()).await;
    assert_eq!(stack.planned(stack.objects()).await, "");
}
