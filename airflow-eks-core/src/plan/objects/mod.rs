//! What one difference of a Kubernetes object or a Helm release asks for. The server has been asked what a change would do.

mod diff;
mod managers;
mod merge;
mod path;
#[cfg(test)]
mod tests;
mod unchanged;

pub(crate) use diff::without_secrets;
pub use diff::{Difference, difference, shown};
pub use managers::{FIELD_MANAGER, is_scaled_by_a_controller, maker, puts_back};
pub use merge::merged;
pub use unchanged::is_certainly_unchanged;

use super::{Action, PlanOptions};
use crate::engine::{Ownership, Present, Readiness};
use crate::graph::{Body, ObjectId};

/// What is to be done about an object or a release that is there.
pub(super) fn present(wanted: &Body, present: &Present, options: PlanOptions) -> Action {
    let changes = super::differences(wanted, present);
    let differences = present.differences.clone().unwrap_or_default();
    if let Some(why) = differences.refused {
        let reason = format!("the cluster would refuse it: {why}");
        return Action::Blocked { reason, hint: None, changes };
    }
    if let Some(conflict) = differences.conflicts.first()
        && !options.adopt
    {
        let others = match differences.conflicts.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        return Action::Blocked {
            reason: format!("`{}` is kept by `{}`{others}", conflict.path, conflict.manager),
            hint: Some("take the field out of one of both, or `--adopt` takes it over".to_owned()),
            changes,
        };
    }
    let id = match wanted {
        Body::Kubernetes(object) => Some(&object.id),
        Body::Aws(_) | Body::Helm(_) => None,
    };
    let replaceable = present.ownership == Ownership::Ours && id.is_none_or(loses_nothing);
    if !differences.immutable.is_empty() {
        let forced_by = differences.immutable;
        return if replaceable {
            Action::Replace { changes, forced_by, reason: None }
        } else {
            Action::Blocked {
                reason: format!("`{}` cannot be changed while it is there", forced_by.join("`, `")),
                hint: Some(
                    "set it back to what it is, or delete the object where nothing is lost with it"
                        .to_owned(),
                ),
                changes,
            }
        };
    }
    match &present.readiness {
        // A Job that has failed stays so: only another one can succeed.
        Readiness::Failed(reason) if replaceable && id.is_some_and(|id| id.kind == "Job") => {
            Action::Replace {
                changes,
                forced_by: vec!["status".to_owned()],
                reason: Some(format!("it has failed: {reason}")),
            }
        }
        _ if !changes.is_empty() => Action::Update { changes },
        Readiness::Ready => Action::Nothing,
        Readiness::InProgress(reason) | Readiness::Failed(reason) => {
            Action::Wait { reason: reason.clone(), changes }
        }
    }
}

/// Whether an object can be deleted and made again, and nothing is gone but what the stack says itself. Kinds that nobody has
/// thought about are not.
fn loses_nothing(id: &ObjectId) -> bool {
    matches!(
        (id.group.as_str(), id.kind.as_str()),
        ("", "ConfigMap" | "Secret" | "Service" | "ServiceAccount")
            | ("apps", "Deployment" | "DaemonSet" | "StatefulSet")
            | ("batch", "Job" | "CronJob")
            | ("policy", "PodDisruptionBudget")
            | ("networking.k8s.io", "NetworkPolicy" | "Ingress" | "IngressClass")
            | ("rbac.authorization.k8s.io", _)
            | ("scheduling.k8s.io", "PriorityClass")
            | ("storage.k8s.io", "StorageClass")
            | ("monitoring.coreos.com", "ServiceMonitor" | "PodMonitor")
            | ("external-secrets.io", _)
    )
}
