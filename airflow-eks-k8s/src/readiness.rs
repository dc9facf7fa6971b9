//! Whether objects can be used.

use std::time::Duration;

use airflow_eks_core::engine::Readiness;
use kube::Client;
use kube::core::ApiResource;
use serde_json::Value;

use crate::call::Call;

/// Why an object is not ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotReady {
    /// What it says itself.
    pub(crate) reason: String,
    /// Why, the most telling first.
    pub(crate) cause: Vec<String>,
    /// Whether it might still become so.
    pub(crate) timed_out: bool,
}

/// Whether an object can be used.
pub(crate) fn of(live: &Value) -> Readiness {
    match live.pointer("/metadata/deletionTimestamp") {
        Some(_) => Readiness::InProgress("it is being deleted".to_owned()),
        None => Readiness::Ready,
    }
}

/// Waits until an object can be used.
pub(crate) async fn wait(
    client: Client,
    resource: &ApiResource,
    namespace: Option<&str>,
    name: &str,
    _deadline: Option<Duration>,
) -> Result<Value, NotReady> {
    let root = if resource.group.is_empty() { "/api" } else { "/apis" };
    let middle = namespace.map(|namespace| format!("namespaces/{namespace}/")).unwrap_or_default();
    let path = format!("{root}/{}/{middle}{}/{name}", resource.api_version, resource.plural);
    Call::get(path).send(&client).await.map_err(|error| NotReady {
        reason: error.to_string(),
        cause: Vec::new(),
        timed_out: false,
    })
}
