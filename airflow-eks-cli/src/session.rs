//! What every command that talks to the outside begins with: the stack, the account it belongs to, its graph, and the
//! connections to its sides.

mod offline;
#[cfg(feature = "aws")]
mod online;
mod time;

#[cfg(feature = "aws")]
pub(crate) use online::connect;
pub(crate) use time::{block_on, within};

use std::time::{Duration, Instant};

use airflow_eks_core::engine;
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::{self, Observations, Observed, PlanOptions};
use airflow_eks_core::types::AccountId;
use airflow_eks_core::{Graph, Outputs, Stack};
use airflow_eks_k8s::{Access, Kubernetes};

use crate::args::{Allowed, Global, Side};
use crate::error::Error;
use crate::sides::Sides;
use crate::{input, output};

/// A stack, checked against what is true of its account, and the connections to its sides.
pub(crate) struct Session {
    pub(crate) stack: Stack,
    pub(crate) graph: Graph,
    pub(crate) account: Option<AccountId>,
    pub(crate) sides: Sides,
    only: Option<Side>,
}

/// What a session is for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Purpose {
    /// A stack that is there is looked at or removed: its version of Kubernetes may not be offered any more.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only AWS offers versions"))]
    pub(crate) as_it_is: bool,
    /// What holds data may be deleted.
    pub(crate) delete_data: bool,
    /// All of the stack goes, and with it the volumes that lie in its cluster.
    pub(crate) everything: bool,
    /// What lacks the stack's marks may be taken over.
    pub(crate) adopt: bool,
    /// What was made in the cluster is not waited for.
    pub(crate) no_wait: bool,
    /// How long all of it may take.
    pub(crate) timeout: Option<Duration>,
}

/// So much of the time at the end is for saying why something is not ready.
const TO_EXPLAIN: Duration = Duration::from_secs(15);

impl Purpose {
    /// Changing a stack, as far as that is allowed.
    pub(crate) fn changing(allowed: &Allowed) -> Self {
        Self { delete_data: allowed.delete_data, adopt: allowed.adopt, ..Self::default() }
    }

    fn applied_to(self, kubernetes: Kubernetes) -> Kubernetes {
        let until = self.timeout.and_then(|all| Instant::now().checked_add(all - TO_EXPLAIN.min(all / 4)));
        let kubernetes = kubernetes.adopting(self.adopt).until(until);
        let kubernetes = kubernetes.deleting_data(self.delete_data || self.everything);
        if self.no_wait { kubernetes.no_wait() } else { kubernetes }
    }
}

impl Session {
    /// Reads the stack, connects, and refuses any account but the stack's own.
    pub(crate) async fn begin(global: &Global, purpose: Purpose) -> Result<Self, Error> {
        output::show_warnings(global);
        match (global.only, &global.outputs) {
            (Some(Side::K8s), Some(path)) => {
                let outputs = input::outputs(Some(path))?;
                let access =
                    named_cluster(global).unwrap_or(Access::Kubeconfig { file: None, context: None });
                offline::at(global, access, outputs, purpose)
            }
            (_, Some(_)) => Err(Error::Input {
                message: "AWS itself tells these values".to_owned(),
                hint: "leave `--outputs` out, or add `--only k8s`".to_owned(),
            }),
            #[cfg(feature = "aws")]
            (_, None) => online::begin(global, purpose).await,
            #[cfg(not(feature = "aws"))]
            (_, None) => Err(Error::Input {
                message: "this program was built without its AWS side".to_owned(),
                hint: "add `--only k8s` and `--outputs FILE`".to_owned(),
            }),
        }
    }

    /// Connects to the cluster alone. Where the options name it, AWS is not asked.
    pub(crate) async fn reach(global: &Global, purpose: Purpose) -> Result<Self, Error> {
        output::show_warnings(global);
        if let Some(access) = named_cluster(global) {
            return offline::at(global, access, Outputs::default(), purpose);
        }
        Self::begin(global, purpose).await
    }

    /// What there is of the stack.
    pub(crate) async fn observe(&self) -> Result<Observations, Error> {
        let read = engine::observe(&self.graph, &self.sides, self.account.as_ref());
        let (observed, owned) = futures::join!(read, self.sides.owned());
        let mut owned = owned?;
        owned.retain(|owned| self.is_wanted(&owned.id));
        Ok(observed.with_owned(owned))
    }

    /// What is to be done on the sides that the command is about.
    pub(crate) fn plan(&self, observed: &Observations, options: PlanOptions) -> plan::Plan {
        plan::plan(&self.graph, observed, options).only(|id| self.is_wanted(id))
    }

    /// Whether a resource is on a side that the command is about.
    pub(crate) fn is_wanted(&self, id: &ResourceId) -> bool {
        match self.only {
            Some(Side::Aws) => matches!(id, ResourceId::Aws(_)),
            Some(Side::K8s) => !matches!(id, ResourceId::Aws(_)),
            None => true,
        }
    }

    /// Whether the command may change anything on the AWS side.
    #[cfg(feature = "aws")]
    pub(crate) fn changes_aws(&self) -> bool {
        self.only != Some(Side::K8s)
    }

    /// What the command is about, in words.
    pub(crate) fn about(&self) -> &'static str {
        match self.only {
            Some(Side::Aws) => "the AWS side of ",
            Some(Side::K8s) => "the Kubernetes side of ",
            None => "",
        }
    }
}

/// The first resource that could not be read: nothing can be said of the stack before it can.
pub(crate) fn unreadable(observed: &Observations) -> Option<Error> {
    observed.resources.values().find_map(|observed| match observed {
        Observed::Unreadable(failure) => Some(Error::from(failure.clone())),
        _ => None,
    })
}

/// The cluster that the options name, if they do.
fn named_cluster(global: &Global) -> Option<Access> {
    let named = global.kubeconfig.is_some() || global.context.is_some();
    named.then(|| Access::Kubeconfig { file: global.kubeconfig.clone(), context: global.context.clone() })
}
