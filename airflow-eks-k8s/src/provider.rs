//! The port of core: which part of a stack is done by whom.

use airflow_eks_core::engine::{Failure, Owned, Present, Provider};
use airflow_eks_core::graph::{Body, ResourceId};
use airflow_eks_core::plan::FieldChange;

use crate::error::other;
use crate::kubernetes::Kubernetes;

impl Provider for Kubernetes {
    async fn observe(&self, wanted: &Body) -> Result<Option<Present>, Failure> {
        match wanted {
            Body::Kubernetes(object) => self.observe_object(object).await,
            // Before there is a cluster there is no release in it.
            Body::Helm(_) if self.client().await?.is_none() => Ok(None),
            Body::Helm(release) => self.releases().await?.observe(release).await,
            other => Err(not_in_a_cluster(&other.id(), "observe")),
        }
    }

    async fn create(&self, wanted: &Body) -> Result<Present, Failure> {
        let made = match wanted {
            Body::Kubernetes(object) => self.create_object(object).await,
            Body::Helm(release) => {
                let made = self.releases().await?.create(release).await;
                // It may have brought kinds of its own.
                self.shared.discovery.forget().await;
                made
            }
            other => Err(not_in_a_cluster(&other.id(), "create")),
        };
        made.map_err(|failure| self.shared.known_secrets.hide_in(failure))
    }

    async fn update(&self, wanted: &Body, _: &Present, changes: &[FieldChange]) -> Result<Present, Failure> {
        let changed = match wanted {
            Body::Kubernetes(object) => self.update_object(object).await,
            Body::Helm(release) => {
                let made = self.releases().await?.update(release, changes).await;
                self.shared.discovery.forget().await;
                made
            }
            other => Err(not_in_a_cluster(&other.id(), "patch")),
        };
        changed.map_err(|failure| self.shared.known_secrets.hide_in(failure))
    }

    async fn wait(&self, wanted: &Body) -> Result<Present, Failure> {
        let there = match wanted {
            Body::Kubernetes(object) => self.wait_for_object(object).await,
            Body::Helm(release) => self.releases().await?.wait(release).await,
            other => Err(not_in_a_cluster(&other.id(), "wait for")),
        };
        there.map_err(|failure| self.shared.known_secrets.hide_in(failure))
    }

    async fn delete(&self, owned: &Owned) -> Result<(), Failure> {
        match &owned.id {
            ResourceId::Kubernetes(id) => self.delete_object(id, &owned.physical_id).await,
            ResourceId::Helm(id) => {
                let releases = self.releases().await?;
                if !self.options.delete_data {
                    releases.refuse_to_lose_data(id).await?;
                }
                let kept = releases.delete(id).await?;
                if !kept.is_empty() {
                    tracing::warn!(
                        "{id} leaves behind what its chart says is to be kept: {}",
                        kept.join(", ")
                    );
                }
                Ok(())
            }
            id => Err(not_in_a_cluster(id, "delete")),
        }
    }
}

fn not_in_a_cluster(id: &ResourceId, operation: &str) -> Failure {
    other(&id.to_string(), operation, "it is nothing that lies in a cluster")
}
