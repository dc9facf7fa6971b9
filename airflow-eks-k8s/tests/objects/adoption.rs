//! Objects that are not the stack's.

use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Execution, Provider};
use airflow_eks_core::plan::{self, Observations, PlanOptions};
use serde_json::json;

use crate::stack::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_only_taken_over_when_asked() {
    let stack = Stack::in_namespace_of_others("adopted");
    stack.kubectl(&["create", "configmap", "config", "--from-literal=a=theirs"]);
    let graph = Graph::of_objects(vec![stack.config_map("config", json!({ "a": "ours" }))]);
    let (_, plan) = stack.plan(&stack.kubernetes(), &graph, PlanOptions::default()).await;
    let plan = crate::stack::text(&plan);
    assert!(plan.contains("it was made by `kubectl-create`"), "{plan}");

    let adopt = PlanOptions { adopt: true, ..PlanOptions::default() };
    let outcome = stack.apply_with(&stack.kubernetes().adopting(true), &graph, adopt).await;
    assert!(outcome.is_complete(), "{outcome:?}");
    assert_eq!(stack.get("configmap/config")["data"]["a"], "ours");
    assert_eq!(stack.kubernetes().owned().await.unwrap().len(), 1);
}

/// The plan was made when there was none, and somebody else was quicker.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_since_the_plan_is_left_alone() {
    let stack = Stack::in_namespace_of_others("quicker");
    let graph = Graph::of_objects(vec![stack.config_map("config", json!({ "a": "ours" }))]);
    let absent = graph.iter().map(|resource| (resource.body.id(), plan::Observed::Absent)).collect();
    let observed = Observations { resources: absent, ..Observations::default() };
    stack.kubectl(&["create", "configmap", "config", "--from-literal=a=theirs"]);
    let plan = plan::plan(&graph, &observed, PlanOptions::default());
    let outcome = Execution::of(plan, &graph, &observed, &stack.kubernetes()).finish().await;
    let (_, failure) = outcome.failed.first().unwrap();
    assert!(
        failure.to_string().contains("there is one already, and it was made by `kubectl-create`"),
        "{failure}"
    );
    assert_eq!(stack.get("configmap/config")["data"]["a"], "theirs");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stacks_live_in_one_cluster() {
    let (one, other) = (Stack::new("one"), Stack::new("other"));
    one.apply(one.objects()).await;
    other.apply(other.objects()).await;
    assert_eq!(one.planned(one.objects()).await, "");
    let outcome = one.destroy().await;
    assert!(outcome.is_complete(), "{outcome:?}");
    assert_eq!(other.planned(other.objects()).await, "");
    assert_eq!(other.kubernetes().owned().await.unwrap().len(), other.objects().len());
    // One wants what the other has.
    let graph = Graph::of_objects(vec![KubernetesObjectOf(&other).config_of(&one)]);
    let (_, plan) = one.plan(&one.kubernetes(), &graph, PlanOptions::default()).await;
    let plan = crate::stack::text(&plan);
    assert!(plan.contains(&format!("it belongs to the stack `{}`", other.name)), "{plan}");
}

struct KubernetesObjectOf<'a>(&'a Stack);

impl KubernetesObjectOf<'_> {
    /// The config map of this stack, as another one would have it.
    fn config_of(&self, wanting: &Stack) -> airflow_eks_core::graph::KubernetesObject {
        wanting.cluster_wide(json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": "config", "namespace": self.0.namespace }, "data": { "a": "mine" } }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_in_a_namespace_that_is_not_there_is_absent() {
    let stack = Stack::new("nowhere");
    let object = stack.config_map("config", json!({}));
    assert_eq!(stack.kubernetes().observe(&object.into()).await.unwrap(), None);
    let unknown = stack.object(
        json!({ "apiVersion": "example.invalid/v1", "kind": "Nothing", "metadata": { "name": "a" } }),
    );
    assert_eq!(stack.kubernetes().observe(&unknown.into()).await.unwrap(), None);
}
