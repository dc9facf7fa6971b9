//! An object as it is.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use kube::Client;
use serde_json::Value;

use crate::call::Call;
use crate::discovery::Served;
use crate::error::failure;
use crate::kubernetes::Kubernetes;

impl Kubernetes {
    /// An object as it is; nothing where it is not there. Objects of the stack are read together. One that is not among them
    /// is asked for by name, unless there are so many that it is quicker to read all names.
    pub(super) async fn live(
        &self,
        client: &Client,
        served: &Served,
        id: &ObjectId,
    ) -> Result<Option<Value>, Failure> {
        let (listings, set) = (&self.shared.listings, &self.shared.set);
        let listed = listings.take(client, served, set, id.namespace.as_deref(), &id.name).await;
        let failed = |error| failure(&id.to_string(), "list", &error);
        if let Some(object) = listed.map_err(failed)? {
            return Ok(Some(object));
        }
        let absent = self.shared.absences.certainly(client, served, id.namespace.as_deref(), &id.name).await;
        match absent.map_err(failed)? {
            true => Ok(None),
            false => get(client, served, id).await,
        }
    }
}

/// An object as it is now; nothing where it is not there.
pub(super) async fn get(client: &Client, served: &Served, id: &ObjectId) -> Result<Option<Value>, Failure> {
    let call = Call::get(served.path(id.namespace.as_deref(), &id.name));
    call.find(client).await.map_err(|error| failure(&id.to_string(), "get", &error))
}

/// Whether an object is on its way out.
pub(super) fn is_going(live: &Value) -> bool {
    live.pointer("/metadata/deletionTimestamp").is_some()
}

/// The uid of an object.
pub(super) fn uid(live: &Value) -> &str {
    live.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default()
}
