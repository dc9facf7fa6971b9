//! What is to be deleted, and in which order.

use std::collections::BTreeSet;

use super::{Action, PlanOptions, Step};
use crate::aws_resources::AwsKind;
use crate::engine::Owned;
use crate::graph::ResourceId;

/// The deletion of `owned`, with `changes` before it that may let go of something first.
pub(super) fn steps(owned: &BTreeSet<Owned>, changes: &[Step], options: PlanOptions) -> Vec<Step> {
    let owned: Vec<&Owned> = owned.iter().filter(|owned| !is_kept(&owned.id)).collect();
    let working = changes.iter().filter(|step| step.action != Action::Nothing).map(|step| &step.id);
    let working: BTreeSet<&ResourceId> = working.collect();
    let others: BTreeSet<&ResourceId> =
        owned.iter().map(|owned| &owned.id).chain(working.iter().copied()).collect();
    let mut steps: Vec<Step> = owned
        .into_iter()
        .map(|owned| Step {
            id: owned.id.clone(),
            action: action(owned, options),
            depends_on: others
                .iter()
                .filter(|other| lies_in(other, &owned.id) || is_pruned_after(other, &owned.id, &working))
                .map(|other| (*other).clone())
                .collect(),
        })
        .collect();
    steps.sort_by(|a, b| rank(&b.id).cmp(&rank(&a.id)).then_with(|| a.id.cmp(&b.id)));
    steps
}

/// What leaves the cluster leaves after everything in it that is made or changed, and may use it until then.
fn is_pruned_after(other: &ResourceId, owned: &ResourceId, working: &BTreeSet<&ResourceId>) -> bool {
    !matches!(owned, ResourceId::Aws(_)) && !matches!(other, ResourceId::Aws(_)) && working.contains(other)
}

/// Kinds that a stack only uses.
fn is_kept(id: &ResourceId) -> bool {
    matches!(id, ResourceId::Aws(id) if id.kind == AwsKind::ExistingCluster)
}

fn action(owned: &Owned, options: PlanOptions) -> Action {
    let lost = match &owned.id {
        ResourceId::Aws(id) => loses(id.kind),
        ResourceId::Kubernetes(id) => loses_of_object(&id.kind),
        ResourceId::Helm(_) => None,
    };
    match lost {
        Some(lost) if !options.delete_data => Action::Blocked {
            reason: format!("the stack no longer wants it, and deleting it would lose {lost}"),
            hint: Some("`--delete-data` deletes it".to_owned()),
            changes: Vec::new(),
        },
        _ => Action::Delete(owned.clone()),
    }
}

/// What is lost with a resource, where that is more than can be made again.
fn loses(kind: AwsKind) -> Option<&'static str> {
    Some(match kind {
        AwsKind::Bucket => "what is in it",
        AwsKind::Cluster => "everything that runs in it",
        AwsKind::DbInstance => "the data in it",
        AwsKind::FileSystem => "the files in it",
        AwsKind::KmsKey => "whatever is encrypted with it",
        AwsKind::LogGroup => "the logs in it",
        AwsKind::PrometheusWorkspace => "the metrics in it",
        AwsKind::Secret => "its value",
        _ => return None,
    })
}

/// What is lost with an object, where that is more than can be made again.
fn loses_of_object(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "PersistentVolumeClaim" => "the files in it",
        _ => return None,
    })
}

/// Whether `inner` has to be gone before `outer` can be deleted. What is in the cluster goes before all of AWS, because its
/// controllers delete what they have made there; and releases go after the objects that their controllers look after.
fn lies_in(inner: &ResourceId, outer: &ResourceId) -> bool {
    match (inner, outer) {
        (ResourceId::Aws(inner), ResourceId::Aws(outer)) => needs(inner.kind, outer.kind),
        (ResourceId::Aws(_), _) => false,
        (_, ResourceId::Aws(_)) => true,
        (inner, outer) => floor(inner) < floor(outer),
    }
}

/// In which order what is in a cluster goes: what runs, then what it lies on and uses, then what looks after both, last the
/// namespaces.
fn floor(id: &ResourceId) -> usize {
    match id {
        ResourceId::Aws(_) => usize::MAX,
        // Definitions go with everything that they define.
        ResourceId::Helm(id) if id.name.ends_with("-crd") || id.name.ends_with("-crds") => 6,
        ResourceId::Helm(_) => 5,
        ResourceId::Kubernetes(id) => match id.kind.as_str() {
            "CustomResourceDefinition" => 8,
            "Namespace" => 7,
            "SecretStore" | "ClusterSecretStore" | "StorageClass" | "EC2NodeClass" => 4,
            "ClusterRole" | "ConfigMap" | "ExternalSecret" | "NodePool" | "PriorityClass" | "Role"
            | "Secret" | "ServiceAccount" => 3,
            "ClusterRoleBinding" | "PersistentVolumeClaim" | "ResourceQuota" | "RoleBinding" => 2,
            _ => 1,
        },
    }
}

/// Whether a kind needs another, directly or through others. No kind needs a later one, so this ends.
fn needs(kind: AwsKind, other: AwsKind) -> bool {
    kind.needs().iter().any(|needed| *needed == other || needs(*needed, other))
}

/// Later kinds are deleted first.
fn rank(id: &ResourceId) -> usize {
    match id {
        ResourceId::Aws(id) => AwsKind::ALL.iter().position(|kind| *kind == id.kind).unwrap_or_default(),
        inside => AwsKind::ALL.len() + 10 - floor(inside).min(9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise [`needs`] might not end, and deletions might wait for each other.
    #[test]
    fn no_kind_needs_itself_or_a_later_one() {
        for kind in AwsKind::ALL {
            for needed in kind.needs() {
                assert!(needed < kind, "{kind} needs {needed}");
            }
        }
    }
}
