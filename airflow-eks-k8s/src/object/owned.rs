//! Everything that is a stack's, whether or not the stack still wants it.

use std::collections::BTreeSet;

use airflow_eks_core::engine::{Failure, Owned};
use airflow_eks_core::graph::{ApplySet, ObjectId, ResourceId};
use futures::stream::{self, StreamExt, TryStreamExt};
use kube::Client;

use super::listing::metadata;
use super::marks;
use crate::apply_set::group_kind;
use crate::discovery::Served;
use crate::error::failure;
use crate::kubernetes::Kubernetes;

const AT_ONCE: usize = 8;

impl Kubernetes {
    /// Every object that is the stack's; none where there is no cluster.
    ///
    /// # Errors
    /// Some of them cannot be listed. That is never taken for none.
    pub(crate) async fn owned_objects(&self) -> Result<Vec<Owned>, Failure> {
        let Some(client) = self.client().await? else { return Ok(Vec::new()) };
        let told = self.shared.parent.read(&client).await?;
        let kinds = self.shared.discovery.kinds(&client).await?;
        let is_lost = told.is_none();
        let mut group_kinds = told.unwrap_or_default().group_kinds;
        group_kinds.extend(self.shared.parent.wanted().await.group_kinds);
        // Without a parent nothing tells where objects may be, so they are looked for everywhere.
        let kinds: BTreeSet<ByKind> = kinds
            .of_objects()
            .filter(|kind| is_lost && is_made_by_people(kind) || group_kinds.contains(&name(kind)))
            .map(|kind| ByKind(name(kind), kind.clone()))
            .collect();
        let lists = kinds.into_iter().map(|ByKind(name, served)| {
            let may_be_refused = is_lost && !group_kinds.contains(&name);
            self.owned_of(&client, served, may_be_refused)
        });
        let lists: Vec<_> = lists.collect();
        let found: Vec<Vec<Owned>> = stream::iter(lists).buffered(AT_ONCE).try_collect().await?;
        let found: Vec<Owned> = found.into_iter().flatten().collect();
        self.shared.parent.hold(objects(&found)).await;
        Ok(found)
    }

    /// Looks once more for objects of one kind.
    pub(super) async fn look_again(&self, client: &Client, kind: &ObjectId) -> Result<(), Failure> {
        let Some(served) = self.shared.discovery.find(client, kind, None).await? else { return Ok(()) };
        let found = self.owned_of(client, served, false).await?;
        let others = objects(&found).filter(|id| id != kind);
        self.shared.parent.also_hold(others).await;
        Ok(())
    }

    async fn owned_of(
        &self,
        client: &Client,
        served: Served,
        may_be_refused: bool,
    ) -> Result<Vec<Owned>, Failure> {
        let selector = format!("{}={}", ApplySet::PART_OF, self.shared.set.id());
        let found = match metadata(client, &served, None, Some(&selector)).await {
            // There are none of a kind that is gone. Of kinds that nobody says are the stack's, some may not be listed, or
            // cannot be: a definition of somebody else may be broken.
            Err(error) if may_be_refused && error.status().is_some() || error.is_not_found() => Vec::new(),
            found => {
                let resource = format!("each {}", name(&served));
                found.map_err(|error| failure(&resource, "list", &error))?
            }
        };
        // Controllers copy labels to what they make, which goes with what they make it for.
        let made =
            found.into_iter().filter(|object| !object.owner_references.iter().any(|owner| owner.controller));
        let owned = made.map(|object| {
            let namespace = object.namespace.as_deref();
            let id = ObjectId::new(&served.resource.group, &served.resource.kind, namespace, &object.name);
            Owned { id: id.into(), physical_id: marks::physical_id(namespace, &object.name, &object.uid) }
        });
        Ok(owned.collect())
    }
}

fn objects(owned: &[Owned]) -> impl Iterator<Item = ObjectId> {
    owned.iter().filter_map(|owned| match &owned.id {
        ResourceId::Kubernetes(id) => Some(id.clone()),
        _ => None,
    })
}

/// A kind, sorted by its name.
struct ByKind(String, Served);

impl PartialEq for ByKind {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for ByKind {}

impl PartialOrd for ByKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

fn name(served: &Served) -> String {
    group_kind(&served.resource.group, &served.resource.kind)
}

/// Whether objects of a kind are made by somebody, not by the cluster with the labels of something else.
fn is_made_by_people(served: &Served) -> bool {
    !matches!(
        (served.resource.group.as_str(), served.resource.kind.as_str()),
        ("", "Endpoints" | "Event")
            | ("events.k8s.io", "Event")
            | ("discovery.k8s.io", "EndpointSlice")
            | ("apps", "ControllerRevision")
    )
}
