//! The Helm releases of a stack, beside its objects.

use std::sync::Arc;

use airflow_eks_core::engine::{Failure, Owned};
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use kube::api::ListParams;

use crate::error::{Error, failure};
use crate::helm::{Program, Releases};
use crate::kubernetes::Kubernetes;

impl Kubernetes {
    /// Everything in the cluster that is the stack's, whether or not the stack still wants it; nothing where there is no cluster.
    ///
    /// # Errors
    /// Some of it cannot be listed. That is never taken for nothing.
    pub async fn owned(&self) -> Result<Vec<Owned>, Failure> {
        let (objects, releases) = futures::join!(self.owned_objects(), self.owned_releases());
        let mut owned = objects?;
        owned.extend(releases?);
        owned.sort();
        Ok(owned)
    }

    /// Takes the mark of a stack out of the cluster that has nothing in it any more. One that is gone already is no error.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub async fn forget(&self) -> Result<(), Failure> {
        match self.client().await? {
            Some(client) => self.shared.parent.forget(&client).await,
            None => Ok(()),
        }
    }

    /// The releases that are the stack's. Where there are none, no Helm is needed to say so.
    async fn owned_releases(&self) -> Result<Vec<Owned>, Failure> {
        let Some(client) = self.client().await? else { return Ok(Vec::new()) };
        let ours = format!("owner=helm,airflow-eks/stack={}", self.shared.set.stack());
        let secrets: Api<Secret> = Api::all(client);
        let some = secrets.list_metadata(&ListParams::default().labels(&ours).limit(1)).await;
        let some = some.map_err(|error| failure("Helm releases", "list", &Error::from(error)))?;
        match some.items.is_empty() {
            true => Ok(Vec::new()),
            false => self.releases().await?.owned().await,
        }
    }

    /// The releases, with the Helm that changes them.
    pub(crate) async fn releases(&self) -> Result<Arc<Releases>, Failure> {
        let made = self.shared.releases.get_or_try_init(async || {
            let client = self.connected("Helm releases", "reach").await?;
            let access = self.shared.connection.access().clone();
            let secrets = Arc::clone(&self.shared.secrets);
            let program = Program::find().await?;
            let releases = Releases::new(client, program, access, self.shared.set.stack(), secrets);
            let releases = match self.options.deadline {
                Some(deadline) => releases.waiting(deadline),
                None => releases,
            };
            Ok(Arc::new(if self.options.wait { releases } else { releases.no_wait() }))
        });
        made.await.cloned()
    }
}
