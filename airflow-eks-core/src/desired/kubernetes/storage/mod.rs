//! Storage classes, and the shared volume for DAGs.

mod claim;
mod storage_class;

pub(super) use claim::dags_claim_name;

use crate::graph::KubernetesObject;
use crate::spec::AddonKind;
use crate::stack::Stack;

/// The default class for volumes of one pod.
pub(super) const GP3: &str = "gp3";
/// The class for volumes that many pods share.
pub(super) const EFS: &str = "efs-sc";

pub(super) fn objects(stack: &Stack) -> Vec<KubernetesObject> {
    let spec = stack.spec();
    let mut objects = Vec::new();
    if spec.addon_enabled(AddonKind::EbsCsiDriver) {
        objects.push(storage_class::gp3(stack));
    }
    if spec.file_system.enabled && spec.addon_enabled(AddonKind::EfsCsiDriver) {
        objects.push(storage_class::efs(stack));
    }
    objects.extend(claim::dags(stack));
    objects
}
