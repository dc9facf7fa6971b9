//! `status`: how every resource is, and why it is not ready.

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
            OutputFormat::Human => output::data(&status.to_string()),
            OutputFormat::Json => {
                output::data(&render::json(&status.to_json(session.stack.spec().name.as_str())))
            }
        }
    })
}
