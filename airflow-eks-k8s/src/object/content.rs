//! What lies in a namespace that is to be deleted, and would go with it.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use futures::stream::{self, StreamExt, TryStreamExt};
use kube::Client;
use serde_json::Value;

use super::listing::{Metadata, metadata};
use super::{marks, of_addons};
use crate::call::Call;
use crate::discovery::Served;
use crate::error::{failure, other};
use crate::kubernetes::Kubernetes;

/// How many are named.
const NAMED: usize = 10;
const AT_ONCE: usize = 8;

impl Kubernetes {
    /// Says no where somebody else has something in a namespace, or where data would go with it that may not be deleted.
    pub(super) async fn refuse_foreign_content(
        &self,
        client: &Client,
        namespaces: &Served,
        id: &ObjectId,
    ) -> Result<(), Failure> {
        let namespace: Option<Value> = Call::get(namespaces.path(None, &id.name))
            .find(client)
            .await
            .map_err(|error| failure(&id.to_string(), "get", &error))?;
        let Some(namespace) = namespace else { return Ok(()) };
        let label = |name: &str| namespace.get("metadata")?.get("labels")?.get(name)?.as_str();
        let is_of_addon = marks::is_ours(&self.shared.set, |name| label(name).map(str::to_owned))
            && of_addons::is_of_addon(label(of_addons::COMPONENT));

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
                let judged = found.into_iter().filter_map(|object| {
                    let whose = self.whose(&served, &object, is_of_addon)?;
                    Some((whose, format!("{} {}", served.resource.kind, object.name)))
                });
                Ok::<_, Failure>(judged.collect::<Vec<_>>())
            }
        };
        let looks: Vec<_> = kinds.into_iter().map(look).collect();
        let found: Vec<Vec<(Content, String)>> = stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
        let (foreign, data): (Vec<_>, Vec<_>) =
            found.into_iter().flatten().partition(|(whose, _)| *whose == Content::Foreign);
        let (message, hint) = match (foreign.is_empty(), data.is_empty() || self.options.delete_data) {
            (true, true) => return Ok(()),
            (false, _) => (
                format!("it holds what is not the stack's, and would go with it: {}", named(foreign)),
                "move or delete these, and run this again; or keep the namespace",
            ),
            (true, false) => (
                format!("it holds volumes, and the files in them would go with it: {}", named(data)),
                "keep what you need, then `--delete-data` deletes these too",
            ),
        };
        Err(Failure { hint: Some(hint.to_owned()), ..other(&id.to_string(), "delete", message) })
    }

    /// What an object in a namespace is to whoever deletes the namespace; nothing where it may go.
    fn whose(&self, served: &Served, object: &Metadata, is_of_addon: bool) -> Option<Content> {
        let kind = served.resource.kind.as_str();
        let is_made_by_the_cluster = match kind {
            "ServiceAccount" => object.name == "default",
            "ConfigMap" => object.name == "kube-root-ca.crt",
            "Secret" => object.annotations.contains_key("kubernetes.io/service-account.name"),
            _ => false,
        };
        let label = |name: &str| object.labels.get(name).cloned();
        // What the stack has made itself, the plan has judged.
        // Such as what a Helm release leaves to be collected: Helm does not always wait for it.
        let is_going = object.deletion_timestamp.is_some();
        if is_made_by_the_cluster
            || is_going
            || marks::is_of_set(&self.shared.set, label)
            || !object.owner_references.is_empty()
        {
            return None;
        }
        let is_ours = marks::is_ours(&self.shared.set, label)
            || is_of_addon && of_addons::is_made_by_controllers(object);
        match (is_ours, kind) {
            (false, _) => Some(Content::Foreign),
            // Made from the claim template of something that the stack has made.
            (true, "PersistentVolumeClaim") => Some(Content::Data),
            (true, _) => None,
        }
    }
}

/// What keeps a namespace from being deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// It is somebody else's.
    Foreign,
    /// It holds data.
    Data,
}

fn named(found: Vec<(Content, String)>) -> String {
    let more = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = found.into_iter().map(|(_, name)| name).take(NAMED).collect::<Vec<_>>().join(", ");
    named + &more
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
