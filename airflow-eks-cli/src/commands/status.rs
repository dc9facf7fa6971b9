//! `status`: how every resource is, and why it is not ready.

use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::status::{StackStatus, State};
use airflow_eks_core::{render, status};

use crate::args::{Global, OutputFormat};
use crate::error::Error;
use crate::output;
use crate::session::{Purpose, Session, block_on};

pub(crate) fn run(global: &Global) -> Result<(), Error> {
    block_on(async {
        let session = Session::begin(global, Purpose { as_it_is: true, ..Purpose::default() }).await?;
        let observed = session.observe().await?;
        let mut status = status::status(&session.graph, &observed);
        status.resources.retain(|resource| session.is_wanted(&resource.id));
        match global.output {
            OutputFormat::Human => {
                output::data(&status.to_string())?;
                explain(&session, &status).await
            }
            OutputFormat::Json => {
                output::data(&render::json(&status.to_json(session.stack.spec().name.as_str())))
            }
        }
    })
}

/// What keeps objects from being ready. It is found out object by object, and not for many: one screen is what a person reads.
const EXPLAINED: usize = 5;

async fn explain(session: &Session, status: &StackStatus) -> Result<(), Error> {
    let Some(kubernetes) = &session.sides.kubernetes else { return Ok(()) };
    let unready = status.resources.iter().filter_map(|resource| match (&resource.id, &resource.state) {
        (ResourceId::Kubernetes(id), State::InProgress(_) | State::Failed(_)) => Some(id),
        _ => None,
    });
    for id in unready.take(EXPLAINED) {
        let lines = kubernetes.explain(id).await?;
        if !lines.is_empty() {
            output::data(&format!("\n{id}:\n  {}\n", lines.join("\n  ")))?;
        }
    }
    Ok(())
}
