//! The port of core: which part of a stack is done by whom.

use airflow_eks_core::engine::{Failure, Owned, Present, Provider};
use airflow_eks_core::graph::{Body, KubernetesObject, ResourceId};
use airflow_eks_core::plan::FieldChange;

use crate::error::other;
use crate::kubernetes::Kubernetes;

impl Provider for Kubernetes {
    async fn observe(&self, wanted: &Body) -> Result<Option<Present>, Failure> {
        self.observe_object(object(wanted, "observe")?).await
    }

    async fn create(&self, wanted: &Body) -> Result<Present, Failure> {
        self.create_object(object(wanted, "create")?).await
    }

    async fn update(&self, wanted: &Body, _: &Present, _: &[FieldChange]) -> Result<Present, Failure> {
        self.update_object(object(wanted, "patch")?).await
    }

    async fn wait(&self, wanted: &Body) -> Result<Present, Failure> {
        self.wait_for_object(object(wanted, "wait for")?).await
    }

    async fn delete(&self, owned: &Owned) -> Result<(), Failure> {
        match &owned.id {
            ResourceId::Kubernetes(id) => self.delete_object(id, &owned.physical_id).await,
            id => Err(not_in_a_cluster(id, "delete")),
        }
    }
}

fn object<'a>(wanted: &'a Body, operation: &str) -> Result<&'a KubernetesObject, Failure> {
    match wanted {
        Body::Kubernetes(object) => Ok(object),
        other => Err(not_in_a_cluster(&other.id(), operation)),
    }
}

fn not_in_a_cluster(id: &ResourceId, operation: &str) -> Failure {
    other(&id.to_string(), operation, "it is nothing that lies in a cluster")
}
