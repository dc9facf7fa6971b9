//! A session on any cluster, without asking AWS for anything.

use std::sync::Arc;

use airflow_eks_core::facts::KubernetesOffer;
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::{Facts, Outputs, desired};
use airflow_eks_k8s::{Access, ClusterSecrets, Kubernetes};

use super::{Purpose, Session};
use crate::args::{Global, Side};
use crate::error::Error;
use crate::input;
use crate::sides::Sides;

/// A session on the cluster at `access`.
pub(super) fn at(
    global: &Global,
    access: Access,
    outputs: Outputs,
    purpose: Purpose,
) -> Result<Session, Error> {
    let document = input::document(global)?;
    let spec = document.spec().map_err(Error::Stack)?;
    // The cluster is what it is.
    let offer = KubernetesOffer { version: spec.cluster.version.clone(), standard_support: true };
    let facts = Facts { kubernetes_versions: Some(vec![offer]), ..Facts::unknown() };
    let stack = document.stack(&facts).map_err(Error::Stack)?;
    let graph = desired(&stack).only(|id| !matches!(id, ResourceId::Aws(_))).knowing(&outputs);
    let name = stack.spec().name.as_str();
    let secrets = ClusterSecrets::new(name, access.clone());
    let kubernetes = purpose.applied_to(Kubernetes::new(name, access, Arc::new(secrets.clone())));
    let sides = Sides {
        kubernetes: Some(kubernetes),
        secrets: Some(secrets),
        #[cfg(feature = "aws")]
        aws: None,
    };
    Ok(Session { account: stack.spec().account.clone(), stack, graph, sides, only: Some(Side::K8s) })
}
