//! [`Graph`] and a [`Provider`] → what there is.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};

use super::told::{self, Told};
use super::{Failure, Present, Provider};
use crate::graph::{Body, Graph, Late, ResourceId};
use crate::plan::{Observations, Observed};
use crate::types::AccountId;

type Read = (ResourceId, Result<Option<Present>, Failure>);

/// Reads what there is of every resource, at once where one needs nothing of another, with every late value in its place
/// that what was read before tells. What cannot be read stops nothing else.
pub async fn observe<P: Provider>(graph: &Graph, provider: &P, account: Option<&AccountId>) -> Observations {
    let mut told = Told::new(account);
    let mut waiting: BTreeMap<ResourceId, (&Body, BTreeSet<ResourceId>)> = graph
        .iter()
        .map(|resource| (resource.body.id(), (&resource.body, tellers(&resource.body, graph))))
        .collect();
    let mut reading: FuturesUnordered<BoxFuture<'_, Read>> = FuturesUnordered::new();
    let mut resources = BTreeMap::new();
    loop {
        let mut ready: Vec<ResourceId> =
            waiting.iter().filter(|(_, (_, tellers))| tellers.is_empty()).map(|(id, _)| id.clone()).collect();
        if ready.is_empty() && reading.is_empty() {
            // What refers to each other in a circle, which no graph of a stack does, is read as far as it is known.
            ready = waiting.keys().take(1).cloned().collect();
        }
        for id in ready {
            if let Some((body, _)) = waiting.remove(&id) {
                let wanted = body.resolved(&|late| told.value(late));
                reading.push(Box::pin(async move { (id, provider.observe(&wanted).await) }));
            }
        }
        let Some((id, answer)) = reading.next().await else { break };
        if let Ok(Some(present)) = &answer {
            told.tell(&id, &present.attributes);
        }
        for (_, tellers) in waiting.values_mut() {
            tellers.remove(&id);
        }
        let observed = match answer {
            Ok(Some(present)) => Observed::Present(Box::new(present)),
            Ok(None) => Observed::Absent,
            Err(failure) => Observed::Unreadable(failure),
        };
        resources.insert(id, observed);
    }
    Observations { account: account.cloned(), resources, owned: Vec::new() }
}

/// The resources of the graph that tell the late values in a body. Other waits are for making, not for reading.
fn tellers(body: &Body, graph: &Graph) -> BTreeSet<ResourceId> {
    let ids = body.late_values().into_iter().flat_map(|late| match late {
        Late::Attribute(id, _) => vec![id],
        Late::Output(output) => told::tellers(output).into_iter().map(|(id, _)| id).collect(),
        Late::Secret(_) => Vec::new(),
    });
    ids.map(ResourceId::Aws).filter(|id| *id != body.id() && graph.get(id).is_some()).collect()
}
