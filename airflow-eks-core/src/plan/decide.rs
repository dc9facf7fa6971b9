//! What one difference asks for. The plan asks it of everything; the engine asks it once more before it changes something,
//! with the values that were told in the meantime.

use super::{Action, After, FieldChange, Observations, PlanOptions, diff, objects, same};
use crate::aws_resources::{AwsKind, Effect};
use crate::engine::{Ownership, Present, Readiness};
use crate::graph::{AwsId, Body, GeneratedSecret, Graph, Resource, ResourceId};

/// What is to be done about a resource that is not there.
pub(super) fn absent(wanted: &Body) -> Action {
    match wanted {
        Body::Aws(object) if object.id.kind == AwsKind::ExistingCluster => Action::Blocked {
            reason: "it is not there, and the stack is to use one that is".to_owned(),
            hint: Some("check `cluster.existing.name`, the Region and the account".to_owned()),
            changes: Vec::new(),
        },
        _ => Action::Create { fields: diff::all(wanted) },
    }
}

/// A secret that is gone while the database is there that knows it, or an object in the cluster that holds it. All of these are
/// made after the secret, so this is never a run that was cut short. A database that is not the stack's own is never observed:
/// only the objects tell that it has been used.
pub(super) fn lost(id: &ResourceId, graph: &Graph, observed: &Observations) -> Option<Action> {
    let ResourceId::Aws(secret) = id else { return None };
    let what = [
        (GeneratedSecret::DatabasePassword, "the database would not know a new password"),
        (GeneratedSecret::FernetKey, "connections in the database could not be decrypted with a new key"),
    ];
    let (_, why) = what.iter().find(|(generated, _)| secret.name == generated.name())?;
    if secret.kind != AwsKind::Secret {
        return None;
    }
    let holder = holder(id, graph, observed);
    let database = AwsId::new(AwsKind::DbInstance, "database");
    if holder.is_none() && observed.present(&database.into()).is_none() {
        return None;
    }
    let still_there =
        holder.map(|holder| format!(", which {holder} in the cluster still tells")).unwrap_or_default();
    Some(Action::Blocked {
        reason: format!("it is lost, and {why}"),
        hint: Some(format!(
            "bring it back in Secrets Manager under its name with its old value{still_there}; `--adopt` then takes it"
        )),
        changes: Vec::new(),
    })
}

/// A Secret in the cluster that was made of a secret: it waits for it.
fn holder(secret: &ResourceId, graph: &Graph, observed: &Observations) -> Option<ResourceId> {
    let holds = |resource: &&Resource| {
        let is_secret = matches!(&resource.body, Body::Kubernetes(object)
            if matches!(object.id.kind.as_str(), "Secret" | "ExternalSecret"));
        is_secret && resource.depends_on.contains(secret)
    };
    let mut holders = graph.iter().filter(holds).map(|resource| resource.body.id());
    holders.find(|id| observed.present(id).is_some_and(|present| present.ownership == Ownership::Ours))
}

/// What is to be done about a resource that is there.
pub(crate) fn present(wanted: &Body, present: &Present, options: PlanOptions) -> Action {
    let object = match wanted {
        Body::Aws(object) => Some(object),
        Body::Kubernetes(_) | Body::Helm(_) => None,
    };
    if let Ownership::NotOurs(whose) = &present.ownership {
        if object.is_some_and(|object| object.shared) {
            return Action::Nothing;
        }
        if !options.adopt {
            return Action::Blocked {
                reason: format!("there is already `{}`, and {whose}", present.physical_id),
                hint: Some(
                    "`--adopt` takes it over: it is then changed and deleted with the stack".to_owned(),
                ),
                changes: super::differences(wanted, present),
            };
        }
    }
    if object.is_none() {
        return objects::present(wanted, present, options);
    }
    let changes = super::differences(wanted, present);
    let may_replace = present.ownership == Ownership::Ours;
    match &present.readiness {
        Readiness::Ready => difference(object.map(|object| object.id.kind), changes, may_replace),
        Readiness::InProgress(reason) => Action::Wait { reason: reason.clone(), changes },
        Readiness::Failed(reason) if may_replace && object.is_some_and(|o| loses_nothing(o.id.kind)) => {
            Action::Replace {
                changes,
                forced_by: vec!["status".to_owned()],
                reason: Some(format!("it has failed: {reason}")),
            }
        }
        Readiness::Failed(reason) => Action::Blocked {
            reason: format!("it has failed: {reason}"),
            hint: Some("mend it, or delete it where nothing in it is needed, and run this again".to_owned()),
            changes,
        },
    }
}

fn difference(kind: Option<AwsKind>, changes: Vec<FieldChange>, may_replace: bool) -> Action {
    if changes.is_empty() {
        return Action::Nothing;
    }
    let Some(kind) = kind else { return Action::Update { changes } };
    let reasons: Vec<String> = changes.iter().filter_map(|change| why_not(kind, change)).collect();
    if !reasons.is_empty() {
        let hint = Some("set it back to what it is".to_owned());
        return Action::Blocked { reason: reasons.join("; "), hint, changes };
    }
    let forced_by: Vec<String> = changes
        .iter()
        .filter(|change| kind.effect(&change.path) == Effect::Replace)
        .map(|change| change.path.clone())
        .collect();
    if forced_by.is_empty() {
        Action::Update { changes }
    } else if may_replace {
        Action::Replace { changes, forced_by, reason: None }
    } else {
        Action::Blocked {
            reason: format!(
                "it would have to be made again for `{}`, and nothing is deleted that is only being taken over",
                forced_by.join("`, `")
            ),
            hint: Some("delete it, or make it as it is to be".to_owned()),
            changes,
        }
    }
}

/// Why a change cannot be made. A value that is not known yet may turn out to be the one that is there, such as the ARN of a
/// role that was deleted by hand and is made again: the engine asks again once it knows.
fn why_not(kind: AwsKind, change: &FieldChange) -> Option<String> {
    let why = match (kind.effect(&change.path), &change.after, &change.before) {
        (_, After::KnownAfterApply, _) => None,
        (Effect::Blocked(why), _, _) => Some(why.to_owned()),
        (_, After::Known(after), Some(before)) => same::no_way(kind, &change.path, before, after),
        _ => None,
    };
    why.map(|why| format!("`{}` cannot be changed like this: {why}", change.path))
}

/// Whether one that has failed may be deleted and made again.
fn loses_nothing(kind: AwsKind) -> bool {
    matches!(
        kind,
        AwsKind::NodeGroup
            | AwsKind::Addon
            | AwsKind::FargateProfile
            | AwsKind::VpcEndpoint
            | AwsKind::NatGateway
    )
}
