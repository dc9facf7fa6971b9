//! What is told while a plan is carried out, and at its end.

use std::collections::BTreeMap;
use std::time::Instant;

use airflow_eks_core::engine::{Event, Execution, Outcome, Provider};
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::Plan;
use serde_json::{Value, json};

use crate::args::{Global, OutputFormat};
use crate::error::Error;
use crate::session::Session;
use crate::{output, welcome};

/// Tells events as they happen: lines for people, or one JSON document a line.
pub(crate) struct Progress<'a> {
    global: &'a Global,
    began: Instant,
    started: BTreeMap<ResourceId, Instant>,
    total: usize,
    done: usize,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(global: &'a Global, plan: &Plan) -> Self {
        let total = plan.changes().count();
        Self { global, began: Instant::now(), started: BTreeMap::new(), total, done: 0 }
    }

    /// Follows an execution to its end.
    pub(crate) async fn follow<P: Provider>(
        mut self,
        mut execution: Execution<'_, P>,
    ) -> Result<Outcome, Error> {
        while let Some(event) = execution.next().await {
            self.tell(&event)?;
        }
        Ok(execution.outcome())
    }

    fn tell(&mut self, event: &Event) -> Result<(), Error> {
        let elapsed = self.began.elapsed().as_secs_f64();
        match event {
            Event::Started { id, .. } => {
                self.started.insert(id.clone(), Instant::now());
            }
            Event::Finished { .. } => self.done += 1,
            _ => {}
        }
        if self.global.output == OutputFormat::Json {
            let mut line = output::event(event);
            line["elapsedSeconds"] = json!((elapsed * 1000.0).round() / 1000.0);
            return output::data(&format!("{line}\n"));
        }
        let counter = format!("[{elapsed:>7.1}s {:>3}/{}]", self.done, self.total);
        let took =
            |id: &ResourceId| self.started.get(id).map_or(0.0, |started| started.elapsed().as_secs_f64());
        match event {
            Event::Started { id, action } => {
                output::detail(self.global, &format!("{counter} {action} {id} …"));
            }
            Event::Finished { id, action, .. } => {
                output::talk(self.global, &format!("{counter} {action} {id}: done in {:.1}s", took(id)));
            }
            Event::Failed { id, failure, .. } => {
                // Most failures begin with what they are about.
                let about =
                    if failure.resource == id.to_string() { String::new() } else { format!("{id}: ") };
                let message = format!("{counter} {about}{failure}");
                output::problem(self.global, &message, failure.hint.as_deref());
            }
            Event::Skipped { id, because, .. } => {
                output::talk(self.global, &format!("{counter} skipped {id}: {because}"));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Says what came of it.
pub(crate) fn report(global: &Global, session: &Session, outcome: &Outcome) -> Result<(), Error> {
    complete(outcome)?;
    end(global, session, &outcome.outputs.to_json())
}

/// Says what failed, if anything did.
pub(crate) fn complete(outcome: &Outcome) -> Result<(), Error> {
    let Some((_, first)) = outcome.failed.first() else {
        return match outcome.skipped.first() {
            None => Ok(()),
            Some((id, because)) => {
                Err(Error::Failed { message: format!("{id} was not begun: {because}"), hint: None })
            }
        };
    };
    let others = outcome.failed.len() - 1;
    let more = if others > 0 { format!(" (and {others} more failures)") } else { String::new() };
    Err(Error::Failed {
        message: format!("{first}{more}"),
        hint: first.hint.clone().or(Some("run the same command again to go on from there".to_owned())),
    })
}

/// Says that there was nothing to do.
pub(crate) fn nothing_to_do(global: &Global, session: &Session) -> Result<(), Error> {
    end(global, session, &json!({}))
}

fn end(global: &Global, session: &Session, outputs: &Value) -> Result<(), Error> {
    let stack = &session.stack.spec().name;
    let in_cluster = session.sides.kubernetes.is_some();
    match global.output {
        OutputFormat::Json => {
            let mut document = json!({ "event": "end", "stack": stack, "outputs": outputs });
            if in_cluster {
                document["airflow"] = welcome::json(&session.stack);
            }
            output::data(&format!("{document}\n"))
        }
        OutputFormat::Human => {
            output::talk(global, &format!("{}`{stack}` is as it is to be", session.about()));
            if !in_cluster {
                output::talk(global, "next: `airflow-eks kubeconfig`, `airflow-eks status --only aws`");
                return Ok(());
            }
            welcome::lines(session).iter().for_each(|line| output::talk(global, line));
            Ok(())
        }
    }
}
