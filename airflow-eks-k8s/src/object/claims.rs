//! Volumes that go with the stack.

use airflow_eks_core::engine::{Failure, Owned};
use airflow_eks_core::graph::{ObjectId, ResourceId};

use super::listing::metadata;
use super::marks::STACK;
use crate::error::failure;
use crate::kubernetes::Kubernetes;

impl Kubernetes {
    /// What holds files, and is deleted with what the stack owns: its claims, those that were made of its claim templates, and
    /// those of its releases.
    ///
    /// # Errors
    /// They cannot be listed. That is never taken for none.
    pub async fn data(&self, owned: &[Owned]) -> Result<Vec<String>, Failure> {
        let Some(client) = self.client().await? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let any = ObjectId::new("", "PersistentVolumeClaim", None, "*");
        if let Some(served) = self.shared.discovery.find(&client, &any, None).await? {
            let selector = format!("{STACK}={}", self.shared.set.stack());
            let claims = metadata(&client, &served, None, Some(&selector)).await;
            let claims = claims.map_err(|error| failure("each PersistentVolumeClaim", "list", &error))?;
            found.extend(claims.iter().map(|claim| {
                let namespace = claim.namespace.as_deref();
                ObjectId::new("", "PersistentVolumeClaim", namespace, &claim.name).to_string()
            }));
        }
        for owned in owned {
            if let ResourceId::Helm(id) = &owned.id {
                found.extend(self.releases().await?.data(id).await?);
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}
