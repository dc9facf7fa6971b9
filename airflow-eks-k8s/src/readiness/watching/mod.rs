//! Waiting by watches. Objects of one kind and namespace share one.

mod hub;
mod pods;
mod retry;
mod shared;
mod waiting;

pub use hub::Waits;
pub use pods::DEFAULT_PATIENCE;

use std::time::Duration;

use kube::{Client, core::ApiResource};
use serde_json::Value;

use super::NotReady;

/// Waits until one object is ready, and gives it. Whoever waits for many should share a [`Waits`].
///
/// # Errors
/// It did not become ready within the deadline (by default that of its kind), or never will.
pub async fn wait(
    client: Client,
    resource: &ApiResource,
    namespace: Option<&str>,
    name: &str,
    deadline: Option<Duration>,
) -> Result<Value, NotReady> {
    Waits::new(client).wait(resource, namespace, name, deadline).await
}
