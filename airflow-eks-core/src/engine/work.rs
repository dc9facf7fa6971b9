//! One step of a plan, done.

use super::{Failure, Owned, Present, Provider};
use crate::graph::{Body, Late, ResourceId};
use crate::plan::{Action, ActionKind, PlanOptions, decide};

/// One step of a plan, with everything that doing it needs.
pub(super) enum Work {
    Create(Body),
    Change { wanted: Body, present: Box<Present>, planned: ActionKind },
    Delete(Owned),
}

impl Work {
    /// Does it. Gives what there is afterwards.
    pub(super) async fn run<P: Provider>(
        self,
        provider: &P,
        options: PlanOptions,
    ) -> Result<Option<Present>, Failure> {
        match self {
            Self::Create(wanted) => {
                all_known(&wanted)?;
                provider.create(&wanted).await.map(Some)
            }
            Self::Delete(owned) => provider.delete(&owned).await.map(|()| None),
            Self::Change { wanted, present, planned } => {
                all_known(&wanted)?;
                let present = match decide::present(&wanted, &present, options) {
                    Action::Wait { .. } => provider.wait(&wanted).await?,
                    _ => *present,
                };
                change(provider, &wanted, present, planned, options).await.map(Some)
            }
        }
    }
}

/// Changes what still differs, now that every value is known: that may be less than was planned, and never becomes more.
async fn change<P: Provider>(
    provider: &P,
    wanted: &Body,
    present: Present,
    planned: ActionKind,
    options: PlanOptions,
) -> Result<Present, Failure> {
    match decide::present(wanted, &present, options) {
        Action::Nothing => Ok(present),
        Action::Update { changes } => provider.update(wanted, &present, &changes).await,
        Action::Replace { .. } if planned == ActionKind::Replace => {
            let owned = Owned { id: wanted.id(), physical_id: present.physical_id };
            provider.delete(&owned).await?;
            provider.create(wanted).await
        }
        Action::Blocked { reason, hint, .. } => Err(Failure { hint, ..not_done(wanted, reason) }),
        other => {
            let message = format!("it turned out to need `{}`, which the plan did not say", other.kind());
            let hint = Some("run it again, and look at the new plan".to_owned());
            Err(Failure { hint, ..not_done(wanted, message) })
        }
    }
}

/// Nothing is made or changed with a value missing. Secrets are the provider's to put in.
fn all_known(wanted: &Body) -> Result<(), Failure> {
    let is_missing = |late: &Late| !matches!(late, Late::Secret(_));
    match wanted.late_values().into_iter().find(is_missing) {
        None => Ok(()),
        Some(late) => Err(not_done(wanted, format!("`{late}` is not known, because nothing has told it"))),
    }
}

fn not_done(wanted: &Body, message: String) -> Failure {
    let id: ResourceId = wanted.id();
    Failure {
        resource: id.to_string(),
        operation: "the planned change".to_owned(),
        code: None,
        message,
        hint: None,
    }
}
