//! `plan`: what `apply` would do, field by field.

use std::process::ExitCode;

use airflow_eks_core::plan::PlanOptions;
use airflow_eks_core::render;

use crate::args::{Allowed, Global, OutputFormat, Plan};
use crate::error::Error;
use crate::findings::Finding;
use crate::session::{Purpose, Session, block_on, unreadable};
use crate::{findings, output};

/// Something is to be done.
const CHANGES: u8 = 2;
/// Something cannot be done.
const BLOCKED: u8 = 4;

pub(crate) fn run(global: &Global, options: &Plan) -> Result<ExitCode, Error> {
    block_on(async {
        let session = Session::begin(global, Purpose::changing(&options.allowed)).await?;
        let observed = session.observe().await?;
        let plan = session.plan(&observed, options.allowed.plan_options());
        let findings = findings::look(&session, &observed, &plan).await;
        match global.output {
            OutputFormat::Human => output::data(&output::plan(global, &plan))?,
            OutputFormat::Json => {
                let mut document = plan.to_json(session.stack.spec().name.as_str());
                document["findings"] = findings.iter().map(Finding::to_json).collect();
                output::data(&render::json(&document))?;
            }
        }
        findings::say(global, &findings);
        unreadable(&observed).map_or(Ok(()), Err)?;
        Ok(if plan.blocked().next().is_some() {
            ExitCode::from(BLOCKED)
        } else if options.exit_code && !plan.is_empty() {
            ExitCode::from(CHANGES)
        } else {
            ExitCode::SUCCESS
        })
    })
}

impl Allowed {
    pub(crate) fn plan_options(&self) -> PlanOptions {
        PlanOptions { adopt: self.adopt, delete_data: self.delete_data }
    }
}
