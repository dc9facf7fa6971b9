//! A session that knows from AWS what is true.

use std::sync::Arc;

use airflow_eks_aws::{Aws, Connection};
use airflow_eks_core::facts::KubernetesOffer;
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::spec::StackSpec;
use airflow_eks_core::types::AccountId;
use airflow_eks_core::{Facts, Stack, desired};
use airflow_eks_k8s::{Access, Kubernetes};

use super::{Purpose, Session, named_cluster};
use crate::args::{Global, Side};
use crate::aws_cluster::AwsCluster;
use crate::error::Error;
use crate::sides::Sides;
use crate::{input, output};

pub(super) async fn begin(global: &Global, purpose: Purpose) -> Result<Session, Error> {
    let document = input::document(global)?;
    let spec = document.spec().map_err(Error::Stack)?;
    // What is wrong without asking is said without asking.
    let offline = document.stack(&seen(&spec, Facts::unknown(), purpose)).map_err(Error::Stack)?;
    let aws = connect(&offline).await.deleting_data(purpose.delete_data);
    let facts = seen(&spec, aws.facts().await?, purpose);
    own_account(&offline, facts.account.as_ref())?;
    output::detail(
        global,
        &format!(
            "account {}, Region {}",
            facts.account.as_ref().map_or("unknown", AccountId::as_str),
            offline.spec().region
        ),
    );
    let stack = document.stack(&facts).map_err(Error::Stack)?;
    let mut graph = desired(&stack);
    if global.only == Some(Side::Aws) {
        graph = graph.only(|id| matches!(id, ResourceId::Aws(_)));
    }
    let kubernetes = (global.only != Some(Side::Aws)).then(|| {
        let name = stack.cluster_name().to_owned();
        let access = named_cluster(global)
            .unwrap_or_else(|| Access::Cluster(Arc::new(AwsCluster { aws: aws.clone(), name })));
        let secrets = Arc::new(aws.clone());
        purpose.applied_to(Kubernetes::new(stack.spec().name.as_str(), access, secrets))
    });
    let sides = Sides { aws: Some(aws), kubernetes, secrets: None };
    Ok(Session { account: facts.account, stack, graph, sides, only: global.only })
}

fn seen(spec: &StackSpec, facts: Facts, purpose: Purpose) -> Facts {
    if !purpose.as_it_is {
        return facts;
    }
    let offer = KubernetesOffer { version: spec.cluster.version.clone(), standard_support: true };
    Facts { kubernetes_versions: Some(vec![offer]), ..facts }
}

/// The connection for a stack.
pub(crate) async fn connect(stack: &Stack) -> Aws {
    let spec = stack.spec();
    Aws::connect(Connection { stack: spec.name.to_string(), region: spec.region.to_string() }).await
}

fn own_account(stack: &Stack, caller: Option<&AccountId>) -> Result<(), Error> {
    match (&stack.spec().account, caller) {
        (Some(wanted), Some(caller)) if wanted != caller => Err(Error::Refused {
            message: format!("the stack belongs to the account {wanted}, and these credentials to {caller}"),
            hint: "use credentials of the stack's account, such as with AWS_PROFILE".to_owned(),
        }),
        _ => Ok(()),
    }
}
