//! Deleting objects.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use http::Method;
use kube::Client;
use serde_json::{Value, json};

use super::marks;
use crate::call::Call;
use crate::discovery::Served;
use crate::error::{Error, failure};
use crate::kubernetes::Kubernetes;

impl Kubernetes {
    /// Deletes an object, and waits until it is gone. Another one of the same name is left alone.
    pub(crate) async fn delete_object(&self, id: &ObjectId, physical_id: &str) -> Result<(), Failure> {
        let Some(client) = self.client().await? else { return Ok(()) };
        // With its kind, an object is gone too.
        if let Some(served) = self.shared.discovery.find(&client, id, None).await? {
            if id.kind == "Namespace" && id.group.is_empty() {
                self.refuse_foreign_content(&client, &served, id).await?;
            }
            self.delete_and_wait(&client, &served, id, marks::uid(physical_id)).await?;
        }
        if id.kind == "CustomResourceDefinition" {
            self.shared.discovery.forget().await;
        }
        // Another run may have made some in the meantime.
        if self.shared.parent.is_last(id).await {
            self.look_again(&client, id).await?;
        }
        self.shared.parent.exclude(&client, id).await
    }

    async fn delete_and_wait(
        &self,
        client: &Client,
        served: &Served,
        id: &ObjectId,
        uid: Option<&str>,
    ) -> Result<(), Failure> {
        let mut options = json!({ "apiVersion": "meta.k8s.io/v1", "kind": "DeleteOptions",
            "propagationPolicy": propagation(id) });
        if let (Some(uid), Some(options)) = (uid, options.as_object_mut()) {
            options.insert("preconditions".to_owned(), json!({ "uid": uid }));
        }
        let path = served.path(id.namespace.as_deref(), &id.name);
        let answer: Value = match Call::new(Method::DELETE, path).body(&options).find(client).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(()),
            // The precondition: the one that was meant is gone.
            Err(error) if error.is_conflict() && is_another(&error) => return Ok(()),
            // A namespace that is on its way out already.
            Err(error) if error.is_conflict() && id.kind == "Namespace" => Value::Null,
            Err(error) => return Err(failure(&id.to_string(), "delete", &error)),
        };
        // Either what it was, with what it still waits for, or the word that it is gone.
        let told = answer.pointer("/details/uid").or(answer.pointer("/metadata/uid")).and_then(Value::as_str);
        let Some(uid) = uid.or(told) else { return Ok(()) };
        if answer.get("kind").is_some_and(|kind| kind == "Status") {
            return Ok(());
        }
        self.await_gone(client, served, id, uid).await
    }
}

/// Whether the server says that the object of this name is another one than was meant.
fn is_another(error: &Error) -> bool {
    let said = error.to_string();
    said.contains("UID in the precondition") || said.contains("Precondition failed: UID")
}

/// What runs is gone only when its pods are, and a pool when its nodes are; everything else is cleaned up behind it.
/// See <https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion>.
fn propagation(id: &ObjectId) -> &'static str {
    match (id.group.as_str(), id.kind.as_str()) {
        ("apps" | "batch" | "karpenter.sh" | "sparkoperator.k8s.io", _) => "Foreground",
        _ => "Background",
    }
}
