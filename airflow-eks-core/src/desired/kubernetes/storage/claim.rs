//! The claim for DAGs: one volume that every Airflow pod reads.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::metadata::namespaced;
use super::EFS;
use crate::graph::KubernetesObject;
use crate::stack::Stack;

/// The claim that DAGs lie on, where there is one.
pub(in super::super) fn dags_claim_name(stack: &Stack) -> Option<String> {
    let airflow = &stack.spec().airflow;
    let volume = airflow.dags.volume.as_ref()?;
    Some(volume.existing_claim.as_ref().map_or_else(|| format!("{}-dags", airflow.name), ToString::to_string))
}

pub(super) fn dags(stack: &Stack) -> Option<KubernetesObject> {
    let airflow = &stack.spec().airflow;
    let volume = airflow.dags.volume.as_ref().filter(|volume| volume.existing_claim.is_none())?;
    let name = dags_claim_name(stack)?;
    let storage = Quantity(volume.size.to_string());
    Some(KubernetesObject::of(&PersistentVolumeClaim {
        metadata: namespaced(stack, airflow.namespace.as_str(), &name, "dags"),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteMany".to_owned()]),
            storage_class_name: Some(EFS.to_owned()),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([("storage".to_owned(), storage)])),
                ..VolumeResourceRequirements::default()
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }))
}
