//! The Kubernetes side of a stack.

mod airflow;
mod karpenter;
mod metadata;
mod namespace;
mod rbac;
mod secrets;
mod service_account;
mod spark;
mod storage;

use crate::graph::{Graph, KubernetesObject};
use crate::stack::Stack;

/// Every Kubernetes object of the stack.
pub(super) fn graph(stack: &Stack) -> Graph {
    let mut objects: Vec<KubernetesObject> = Vec::new();
    objects.extend(storage::objects(stack));
    objects.extend(karpenter::objects(stack));
    objects.extend(spark::objects(stack));
    let release = airflow::Release::of(stack);
    objects.extend(release.objects());
    Graph::of(objects, &release.waits())
}
