//! Why a claim has no volume.

use serde_json::Value;

use super::{
    cluster::{Cluster, Kind},
    events,
    lines::Lines,
};
use crate::{
    live::{items, name, namespace, text},
    refusal::in_words,
};

/// So many claims of a pod are looked at.
const MOST: usize = 3;

/// Tells why a claim is not bound.
pub(super) async fn tell(cluster: &Cluster, claim: &Value, lines: &mut Lines) {
    if text(claim, "/status/phase") == "Bound" {
        return;
    }
    let class = text(claim, "/spec/storageClassName");
    if !class.is_empty() {
        match cluster.get(Kind::StorageClass, None, class).await {
            Ok(Some(_)) => {}
            Ok(None) => lines.push(&format!("claim {}: storage class {class} does not exist", name(claim))),
            Err(error) => lines.push(&format!("storage class {class} cannot be read: {}", in_words(&error))),
        }
    } else if text(claim, "/spec/volumeName").is_empty() {
        lines.push(&format!(
            "claim {}: it names no storage class, and the cluster has no default one",
            name(claim)
        ));
    }
    events::tell_all(cluster, claim, lines).await;
}

/// Tells why claims of a pod are not bound.
pub(super) async fn tell_of_pod(cluster: &Cluster, pod: &Value, lines: &mut Lines) {
    let names =
        items(pod, "/spec/volumes").iter().map(|volume| text(volume, "/persistentVolumeClaim/claimName"));
    for claim in names.filter(|claim| !claim.is_empty()).take(MOST) {
        match cluster.get(Kind::PersistentVolumeClaim, namespace(pod), claim).await {
            Ok(Some(found)) => tell(cluster, &found, lines).await,
            Ok(None) => lines.push(&format!("claim {claim} does not exist")),
            Err(error) => lines.push(&format!("claim {claim} cannot be read: {}", in_words(&error))),
        }
    }
}
