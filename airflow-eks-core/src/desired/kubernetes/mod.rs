//! The Kubernetes side of a stack.

mod addons;
mod airflow;
mod job;
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
    let addons = addons::Addons::of(stack);
    objects.extend(addons.objects);
    let mut waits = release.waits();
    waits.extend(addons::waits(&addons.releases, &objects));
    let releases = addons.releases.into_iter().map(|addon| Body::from(addon.release));
    (objects.into_iter().map(Body::from).chain(releases).collect(), waits)
}

/// The namespaces in which a store of the External Secrets Operator reads the stack's secrets.
pub(super) fn secret_namespaces(stack: &Stack) -> Vec<String> {
    let airflow = stack.spec().airflow.namespace.to_string();
    [airflow].into_iter().chain(addons::secret_namespace(stack).map(str::to_owned)).collect()
}

/// The names of what stands before the web interface.
pub(super) fn web(stack: &Stack) -> airflow::Web {
    airflow::Release::of(stack).web()
}

/// The service accounts of Airflow that stand for an IAM role, each by its component.
pub(super) fn airflow_accounts(stack: &Stack) -> Vec<(Component, String)> {
    airflow::Release::of(stack).accounts_with_role()
}
