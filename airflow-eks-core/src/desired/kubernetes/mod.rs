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

pub(super) use airflow::Component;

use crate::graph::{Body, KubernetesObject, ResourceId};
use crate::stack::Stack;

/// Every Kubernetes object of the stack, and the waits that no field shows.
pub(super) fn parts(stack: &Stack) -> (Vec<Body>, Vec<(ResourceId, ResourceId)>) {
    let mut objects: Vec<KubernetesObject> = Vec::new();
    objects.extend(storage::objects(stack));
    objects.extend(karpenter::objects(stack));
    objects.extend(spark::objects(stack));
    let release = airflow::Release::of(stack);
    objects.extend(release.objects());
    (objects.into_iter().map(Body::from).collect(), release.waits())
}

/// The names of what stands before the web interface.
pub(super) fn web(stack: &Stack) -> airflow::Web {
    airflow::Release::of(stack).web()
}

/// The service accounts of Airflow that stand for an IAM role, each by its component.
pub(super) fn airflow_accounts(stack: &Stack) -> Vec<(Component, String)> {
    airflow::Release::of(stack).accounts_with_role()
}
