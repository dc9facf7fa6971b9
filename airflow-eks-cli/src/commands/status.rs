//! `status`: how every resource is, and why it is not ready.

use airflow_eks_core::{render, status};

use crate::args::{Global, OutputFormat};
use crate::error::Error;
use crate::output;
use crate::session::{Session, block_on};

pub(crate) fn run(global: &Global) -> Result<(), Error> {
    block_on(async {
        let session = Session::begin_as_it_is(global, false).await?;
        let observed = session.observe().await?;
        let status = status::status(&session.graph, &observed);
        match global.output {
            OutputFormat::Human => output::data(&status.to_string()),
            OutputFormat::Json => {
                output::data(&render::json(&status.to_json(session.stack.spec().name.as_str())))
            }
        }
    })
}
