//! `plan`: what `apply` would do, field by field.

use std::process::ExitCode;

use airflow_eks_aws::Finding;
use airflow_eks_core::plan::{self, PlanOptions};
use airflow_eks_core::render;

use crate::args::{Allowed, Global, OutputFormat, Plan};
use crate::error::Error;
use crate::output;
use crate::session::{Session, block_on, unreadable};

/// Something is to be done.
const CHANGES: u8 = 2;
/// Something cannot be done.
const BLOCKED: u8 = 4;

pub(crate) fn run(global: &Global, options: &Plan) -> Result<ExitCode, Error> {
    block_on(async {
        let session = Session::begin(global, options.allowed.delete_data).await?;
        let observed = session.observe().await?;
        let plan = plan::plan(&session.graph, &observed, options.allowed.plan_options());
        let findings = session.aws.preflight(&session.graph, &observed).await;
        match global.output {
            OutputFormat::Human => output::data(&output::plan(global, &plan))?,
            OutputFormat::Json => {
                let mut document = plan.to_json(session.stack.spec().name.as_str());
                document["findings"] = serde_json::to_value(&findings).unwrap_or_default();
                output::data(&render::json(&document))?;
            }
        }
        say(global, &findings);
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

/// Says what was found before the first change.
pub(crate) fn say(global: &Global, findings: &[Finding]) {
    for finding in findings {
        if finding.blocks {
            output::problem(global, &format!("{}: {}", finding.about, finding.message), Some(&finding.hint));
            continue;
        }
        output::note(global, &format!("{}: {}\n  help: {}", finding.about, finding.message, finding.hint));
    }
}
