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
    let mut waiting: BTreeMap<(usize, &ResourceId), BTreeSet<&ResourceId>> = resources
        .iter()
        .map(|(id, resource)| ((rank(id), id), resource.depends_on.iter().collect()))
        .collect();
    let mut order = Vec::with_capacity(resources.len());
    while !waiting.is_empty() {
        let next = waiting.iter().find(|(_, needs)| needs.is_empty()).or_else(|| waiting.iter().next());
        let Some((key, _)) = next else { break };
        let key = *key;
        waiting.remove(&key);
        waiting.values_mut().for_each(|needs| {
            needs.remove(key.1);
        });
        order.push(key.1.clone());
    }
    order
}

fn rank(id: &ResourceId) -> usize {
    match id {
        ResourceId::Aws(_) => 0,
        ResourceId::Kubernetes(id) => {
            1 + KINDS.iter().position(|kind| *kind == id.kind).unwrap_or(KINDS.len())
        }
    }
}
