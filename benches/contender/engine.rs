//! Our own way: what there is, what is to be done, and doing it.

use std::path::Path;
use std::sync::Arc;

use airflow_eks_benches::{STACK, objects};
use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Execution, Failure, SecretText, Secrets, observe};
use airflow_eks_core::graph::GeneratedSecret;
use airflow_eks_core::plan::{self, Observations, Plan, PlanOptions};
use airflow_eks_k8s::{Access, Kubernetes};
use futures::future::BoxFuture;

use crate::Result;

/// The objects hold none.
struct NoSecrets;

impl Secrets for NoSecrets {
    fn text(&self, _: GeneratedSecret) -> BoxFuture<'_, std::result::Result<Option<SecretText>, Failure>> {
        Box::pin(async { Ok(None) })
    }
}

/// Makes that many objects, or finds that all of them are as they are to be.
pub(crate) async fn apply(kubeconfig: &Path, count: usize) -> Result<()> {
    let (kubernetes, graph) = stack(kubeconfig, count);
    let (observed, plan) = planned(&kubernetes, &graph).await?;
    let todo = plan.changes().count();
    let outcome = Execution::of(plan, &graph, &observed, &kubernetes).finish().await;
    match outcome.failed.first() {
        Some((_, failure)) => Err(failure.to_string().into()),
        None if outcome.done.len() == todo && (todo == 0 || todo == count) => Ok(()),
        None => Err(format!("{} of {todo} steps were done, for {count} objects", outcome.done.len()).into()),
    }
}

/// Plans that many objects, of which nothing may have to be changed.
pub(crate) async fn plan(kubeconfig: &Path, count: usize) -> Result<()> {
    let (kubernetes, graph) = stack(kubeconfig, count);
    let (_, plan) = planned(&kubernetes, &graph).await?;
    if plan.is_empty() { Ok(()) } else { Err(format!("something is to be done: {:?}", plan.counts()).into()) }
}

fn stack(kubeconfig: &Path, count: usize) -> (Kubernetes, Graph) {
    let access = Access::Kubeconfig { file: Some(kubeconfig.to_owned()), context: None };
    (Kubernetes::new(STACK, access, Arc::new(NoSecrets)).no_wait(), Graph::of_objects(objects(count)))
}

async fn planned(kubernetes: &Kubernetes, graph: &Graph) -> Result<(Observations, Plan)> {
    let (observed, owned) = futures::join!(observe(graph, kubernetes, None), kubernetes.owned());
    let observed = observed.with_owned(owned?);
    let plan = plan::plan(graph, &observed, PlanOptions::default());
    if let Some(step) = plan.blocked().next() {
        return Err(format!("{}: {}", step.id, step.action.reason().unwrap_or_default()).into());
    }
    Ok((observed, plan))
}
