//! The order of applying: what is waited for first, and among what could come next a fixed order of kinds.

use std::collections::{BTreeMap, BTreeSet};

use super::{Resource, ResourceId};

/// Kinds in the order that people expect to read them.
const KINDS: &[&str] = &[
    "Namespace",
    "StorageClass",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ResourceQuota",
    "SecretStore",
    "ExternalSecret",
    "Secret",
    "ConfigMap",
    "PersistentVolumeClaim",
    "EC2NodeClass",
    "NodePool",
    "Service",
    "Job",
    "Deployment",
    "PodDisruptionBudget",
    "Ingress",
    "ServiceMonitor",
    "SparkApplication",
];

/// All ids, each after everything it depends on.
///
/// References come from names in typed objects and never form a circle; should one arise, its members come last, in
/// their fixed order, rather than get lost.
pub(super) fn of(resources: &BTreeMap<ResourceId, Resource>) -> Vec<ResourceId> {
    let mut waiting: BTreeMap<&ResourceId, usize> = BTreeMap::new();
    let mut waiters: BTreeMap<&ResourceId, Vec<&ResourceId>> = BTreeMap::new();
    for (id, resource) in resources {
        waiting.insert(id, resource.depends_on.len());
        resource.depends_on.iter().for_each(|needed| waiters.entry(needed).or_default().push(id));
    }
    let place = |id| (rank(id), id);
    let free = waiting.iter().filter(|(_, needs)| **needs == 0);
    let mut ready: BTreeSet<(usize, &ResourceId)> = free.map(|(id, _)| place(id)).collect();
    let mut order = Vec::with_capacity(resources.len());
    while let Some((_, id)) = ready.pop_first().or_else(|| waiting.keys().map(|id| place(id)).min()) {
        if waiting.remove(id).is_none() {
            continue;
        }
        order.push(id.clone());
        for waiter in waiters.remove(id).unwrap_or_default() {
            let Some(needs) = waiting.get_mut(waiter) else { continue };
            *needs = needs.saturating_sub(1);
            if *needs == 0 {
                ready.insert(place(waiter));
            }
        }
    }
    order
}

fn rank(id: &ResourceId) -> usize {
    match id {
        ResourceId::Aws(_) => 0,
        // With the classes of storage: before what is the stack's own in the cluster.
        ResourceId::Helm(_) => 2,
        ResourceId::Kubernetes(id) => {
            1 + KINDS.iter().position(|kind| *kind == id.kind).unwrap_or(KINDS.len())
        }
    }
}
