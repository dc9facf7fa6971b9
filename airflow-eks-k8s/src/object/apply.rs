//! Server-side apply.

use airflow_eks_core::graph::ObjectId;
use airflow_eks_core::plan::objects::FIELD_MANAGER;
use http::Method;
use kube::Client;
use serde_json::Value;

use crate::call::{APPLY, Call};
use crate::discovery::Served;
use crate::error::Error;

/// How an object is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Fields that others have written at another value stay theirs, and the server says no.
    Yielding,
    /// Fields are taken over.
    Forcing,
    /// The server says what it would be.
    Trying,
}

/// Applies an object, and gives what it then is.
pub(super) async fn apply(
    client: &Client,
    served: &Served,
    id: &ObjectId,
    body: &Value,
    way: Way,
) -> Result<Value, Error> {
    let mut call = Call::new(Method::PATCH, served.path(id.namespace.as_deref(), &id.name))
        .content_type(APPLY)
        .with("fieldManager", FIELD_MANAGER)
        .with("fieldValidation", "Strict")
        .with("force", if way == Way::Yielding { "false" } else { "true" })
        .body(body);
    if way == Way::Trying {
        call = call.with("dryRun", "All").at_once();
    }
    call.send(client).await
}
