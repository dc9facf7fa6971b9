//! What is found before the first change.

use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::{Observations, Plan};
use serde_json::{Value, json};

use crate::args::Global;
use crate::output;
use crate::session::Session;

/// Something that is known before the first change.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// What it is about.
    pub(crate) about: String,
    /// What is the matter.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
    /// Whether a change would fail because of it.
    pub(crate) blocks: bool,
}

impl Finding {
    /// The finding as a document.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "about": self.about, "message": self.message, "hint": self.hint, "blocks": self.blocks })
    }
}

/// Looks whether the account has room, and whether there is a Helm where one is needed.
pub(crate) async fn look(session: &Session, observed: &Observations, plan: &Plan) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    #[cfg(feature = "aws")]
    if let Some(aws) = &session.sides.aws
        && session.changes_aws()
    {
        let graph = session.graph.only(|id| matches!(id, ResourceId::Aws(_)));
        let found = aws.preflight(&graph, observed).await.into_iter();
        findings.extend(found.map(|finding| Finding {
            about: finding.about,
            message: finding.message,
            hint: finding.hint,
            blocks: finding.blocks,
        }));
    }
    #[cfg(not(feature = "aws"))]
    let _ = (session, observed);
    if plan.changes().any(|step| matches!(step.id, ResourceId::Helm(_)))
        && let Err(failure) = airflow_eks_k8s::helm::Program::find().await
    {
        findings.push(Finding {
            about: "helm".to_owned(),
            message: failure.message,
            hint: failure.hint.unwrap_or_else(|| "see https://helm.sh/docs/intro/install/".to_owned()),
            blocks: true,
        });
    }
    findings
}

/// Says what was found.
pub(crate) fn say(global: &Global, findings: &[Finding]) {
    for finding in findings {
        if finding.blocks {
            output::problem(global, &format!("{}: {}", finding.about, finding.message), Some(&finding.hint));
            continue;
        }
        output::note(global, &format!("{}: {}\n  help: {}", finding.about, finding.message, finding.hint));
    }
}
