//! What lies in a namespace that is to be deleted, and would go with it.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use futures::stream::{self, StreamExt, TryStreamExt};
use kube::Client;

use super::listing::{Metadata, metadata};
use super::marks;
use crate::discovery::Served;
use crate::error::{failure, other};
use crate::kubernetes::Kubernetes;

/// How many are named.
const NAMED: usize = 10;
const AT_ONCE: usize = 8;

impl Kubernetes {
    /// Says no where somebody else has something in a namespace.
    pub(super) async fn refuse_foreign_content(&self, client: &Client, id: &ObjectId) -> Result<(), Failure> {
        let kinds = self.shared.discovery.kinds(client).await?;
        let kinds: Vec<&Served> = kinds.of_objects().filter(|kind| kind.namespaced && counts(kind)).collect();
        let look = |served: &Served| {
            let (served, name) = (served.clone(), id.name.clone());
            async move {
                let found = metadata(client, &served, Some(&name), None).await;
                // A kind that has just gone has no objects.
                let found = match found {
                    Err(error) if error.is_not_found() => Vec::new(),
                    found => found.map_err(|error| {
                        failure(&id.to_string(), &format!("list each {} in it", served.resource.kind), &error)
                    })?,
                };
                let foreign = found.into_iter().filter(|object| self.is_foreign(&served, object));
                Ok::<_, Failure>(
                    foreign
                        .map(|object| format!("{} {}", served.resource.kind, object.name))
                        .collect::<Vec<_>>(),
                )
            }
        };
        let looks: Vec<_> = kinds.into_iter().map(look).collect();
        let found: Vec<Vec<String>> = stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
        let found: Vec<String> = found.into_iter().flatten().collect();
        if found.is_empty() {
            return Ok(());
        }
        let more = match found.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = found.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        let message = format!("it holds what is not the stack's, and would go with it: {named}{more}");
        let hint = "move or delete these, and run this again; or keep the namespace".to_owned();
        Err(Failure { hint: Some(hint), ..other(&id.to_string(), "delete", message) })
    }

    fn is_foreign(&self, served: &Served, object: &Metadata) -> bool {
        let is_made_by_the_cluster = match served.resource.kind.as_str() {
            "ServiceAccount" => object.name == "default",
            "ConfigMap" => object.name == "kube-root-ca.crt",
            "Secret" => object.annotations.contains_key("kubernetes.io/service-account.name"),
            _ => false,
        };
        let is_ours = marks::is_ours(&self.shared.set, |label| object.labels.get(label).cloned());
        // Such as what a Helm release leaves to be collected: Helm does not always wait for it.
        let is_going = object.deletion_timestamp.is_some();
        !is_made_by_the_cluster && !is_ours && !is_going && object.owner_references.is_empty()
    }
}

/// Kinds that the cluster makes by itself, and pods, which are nothing that somebody keeps.
fn counts(served: &Served) -> bool {
    let (group, kind) = (served.resource.group.as_str(), served.resource.kind.as_str());
    !matches!(
        (group, kind),
        ("", "Endpoints" | "Event" | "Pod")
            | ("events.k8s.io", "Event")
            | ("discovery.k8s.io", "EndpointSlice")
            | ("coordination.k8s.io", "Lease")
            | ("apps", "ControllerRevision")
    )
}
