//! `apply`: makes, changes and removes what differs from the stack.

use airflow_eks_core::engine::Execution;
use airflow_eks_core::plan;

use crate::args::{Apply, Global, OutputFormat, Run};
use crate::confirm::confirm;
use crate::error::Error;
use crate::progress::Progress;
use crate::session::{Purpose, Session, block_on, unreadable, within};
use crate::{findings, output, progress};

pub(crate) fn run(global: &Global, options: &Apply) -> Result<(), Error> {
    block_on(async {
        let Run { no_wait, timeout, .. } = options.run;
        let purpose = Purpose { no_wait, timeout, ..Purpose::changing(&options.allowed) };
        let session = Session::begin(global, purpose).await?;
        let observed = session.observe().await?;
        let plan = session.plan(&observed, options.allowed.plan_options());
        let findings = findings::look(&session, &observed, &plan).await;
        if global.output == OutputFormat::Human {
            output::talk(global, output::plan(global, &plan).trim_end());
        }
        findings::say(global, &findings);
        let in_the_way = findings.iter().filter(|finding| finding.blocks).count();
        if in_the_way > 0 {
            return Err(Error::Failed {
                message: "nothing was changed: something is in the way".to_owned(),
                hint: Some("see above what is in the way".to_owned()),
            });
        }
        unreadable(&observed).map_or(Ok(()), Err)?;
        refuse_blocked(&plan)?;
        if plan.is_empty() {
            return progress::nothing_to_do(global, &session);
        }
        confirm(&options.run, "make these changes", "nothing was changed")?;
        session.sides.make_secrets(&session.graph).await?;
        let progress = Progress::new(global, &plan);
        let execution = Execution::of(plan, &session.graph, &observed, &session.sides);
        let outcome = within(timeout, progress.follow(execution)).await?;
        progress::report(global, &session, &outcome)
    })
}

/// A plan is carried out as a whole or not at all.
fn refuse_blocked(plan: &plan::Plan) -> Result<(), Error> {
    let mut blocked = plan.blocked().map(|step| match step.action.reason() {
        Some(reason) => format!("{}: {reason}", step.id),
        None => step.id.to_string(),
    });
    let Some(first) = blocked.next() else { return Ok(()) };
    let others = blocked.count();
    let more = if others > 0 { format!(" (and {others} more)") } else { String::new() };
    let hints = plan.blocked().filter_map(|step| match &step.action {
        plan::Action::Blocked { hint, .. } => hint.clone(),
        _ => None,
    });
    Err(Error::Refused {
        message: format!("nothing was changed: {first}{more}"),
        hint: hints.into_iter().next().unwrap_or_else(|| "`airflow-eks plan` says all of it".to_owned()),
    })
}
