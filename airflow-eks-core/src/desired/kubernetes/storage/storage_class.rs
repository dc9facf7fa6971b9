//! Storage classes.

use k8s_openapi::api::storage::v1::StorageClass;

use super::super::metadata::{annotated, cluster_wide, map};
use super::{EFS, GP3};
use crate::desired::Names;
use crate::graph::{KubernetesObject, Late, Output};
use crate::stack::Stack;

/// Encrypted gp3 volumes, and the default: EKS itself has marked none since Kubernetes 1.30, so that a claim without a
/// class would stay pending. See <https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md>.
pub(super) fn gp3(stack: &Stack) -> KubernetesObject {
    let stack_tag = format!("airflow-eks/stack={}", Names::of(stack).stack());
    KubernetesObject::of(&StorageClass {
        metadata: annotated(
            cluster_wide(stack, GP3, "storage"),
            "storageclass.kubernetes.io/is-default-class",
            "true",
        ),
        provisioner: "ebs.csi.aws.com".to_owned(),
        parameters: Some(map([
            ("csi.storage.k8s.io/fstype", "ext4"),
            ("encrypted", "true"),
            ("tagSpecification_1", &stack_tag),
            ("type", "gp3"),
        ])),
        reclaim_policy: Some("Delete".to_owned()),
        volume_binding_mode: Some("WaitForFirstConsumer".to_owned()),
        allow_volume_expansion: Some(true),
        ..StorageClass::default()
    })
}

/// An EFS access point for each claim. Every access goes as Airflow's own user, so that permissions cannot disagree
/// whatever user a pod runs as. See <https://github.com/kubernetes-sigs/aws-efs-csi-driver#storage-class-parameters>.
pub(super) fn efs(stack: &Stack) -> KubernetesObject {
    let file_system = match &stack.spec().file_system.existing {
        Some(existing) => existing.to_string(),
        None => Late::Output(Output::FileSystemId).mark(),
    };
    let base_path = format!("/{}", Names::of(stack).stack());
    KubernetesObject::of(&StorageClass {
        metadata: cluster_wide(stack, EFS, "storage"),
        provisioner: "efs.csi.aws.com".to_owned(),
        parameters: Some(map([
            ("basePath", &base_path),
            ("directoryPerms", "755"),
            ("fileSystemId", &file_system),
            ("gid", "50000"),
            ("provisioningMode", "efs-ap"),
            ("uid", "50000"),
        ])),
        reclaim_policy: Some("Delete".to_owned()),
        volume_binding_mode: Some("Immediate".to_owned()),
        ..StorageClass::default()
    })
}
