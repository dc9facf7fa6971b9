//! Why a release is not ready: Helm names an object at most.

use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::ReleaseId;
use kube::Client;

use super::kinds::{self, Kinds};
use super::stored::Revision;
use super::values::Masks;
use crate::{cause, readiness};

/// More than this nobody reads.
const LONGEST: usize = 16;

/// What keeps the objects of a revision, and its hooks, from being ready: each object with what is known of it.
pub(super) async fn lines(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    revision: &Revision,
    masks: &Masks,
) -> Vec<String> {
    let mut lines = Vec::new();
    let objects = match revision.objects_and_hooks() {
        Ok(objects) => objects,
        Err(error) => return vec![format!("its manifest cannot be read: {error}")],
    };
    for key in objects.keys() {
        let live = match kinds::live(kinds, client, id, key).await {
            Ok(Some(live)) => live,
            // A hook that was not run yet, or an object that was refused, of which Helm has told.
            Ok(None) => continue,
            Err(failure) => {
                lines.push(failure.to_string());
                continue;
            }
        };
        let (Readiness::InProgress(reason) | Readiness::Failed(reason)) = readiness::of(&live) else {
            continue;
        };
        lines.push(format!("{key}: {reason}"));
        let more = cause::explain(client.clone(), &live).await;
        lines.extend(more.iter().map(|line| format!("  {}", masks.hide(line))));
        if lines.len() >= LONGEST {
            break;
        }
    }
    lines.truncate(LONGEST);
    lines
}
