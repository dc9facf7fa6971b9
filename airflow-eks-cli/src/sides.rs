//! Both sides of a stack behind one port.

#[cfg(feature = "aws")]
use airflow_eks_aws::Aws;
use airflow_eks_core::Graph;
use airflow_eks_core::engine::{Failure, Owned, Present, Provider};
use airflow_eks_core::graph::{Body, GeneratedSecret, Late, ResourceId};
use airflow_eks_core::plan::FieldChange;
use airflow_eks_k8s::{ClusterSecrets, Kubernetes};

/// The sides that a command works on. A side that is missing is never asked for.
pub(crate) struct Sides {
    #[cfg(feature = "aws")]
    pub(crate) aws: Option<Aws>,
    pub(crate) kubernetes: Option<Kubernetes>,
    /// Where secrets are kept in the cluster, because AWS is not asked.
    pub(crate) secrets: Option<ClusterSecrets>,
}

impl Sides {
    /// Everything that carries the marks of the stack.
    pub(crate) async fn owned(&self) -> Result<Vec<Owned>, Failure> {
        let mut owned = self.owned_in_cluster().await?;
        #[cfg(feature = "aws")]
        if let Some(aws) = &self.aws {
            owned.extend(aws.owned().await?);
        }
        owned.sort();
        Ok(owned)
    }

    /// What of it is in the cluster.
    pub(crate) async fn owned_in_cluster(&self) -> Result<Vec<Owned>, Failure> {
        match &self.kubernetes {
            Some(kubernetes) => kubernetes.owned().await,
            None => Ok(Vec::new()),
        }
    }

    /// Makes those secrets that the graph needs and AWS does not make.
    pub(crate) async fn make_secrets(&self, graph: &Graph) -> Result<(), Failure> {
        let Some(secrets) = &self.secrets else { return Ok(()) };
        let needed = graph.late_values().into_iter().filter_map(|late| match late {
            Late::Secret(secret) => Some(secret),
            _ => None,
        });
        secrets.make(&needed.collect::<Vec<GeneratedSecret>>()).await
    }

    fn kubernetes(&self, id: &ResourceId) -> Result<&Kubernetes, Failure> {
        self.kubernetes.as_ref().ok_or_else(|| missing(id))
    }

    #[cfg(feature = "aws")]
    fn aws(&self, id: &ResourceId) -> Result<&Aws, Failure> {
        self.aws.as_ref().ok_or_else(|| missing(id))
    }
}

/// Calls one of the sides, whichever a resource is of.
macro_rules! side {
    ($self:ident, $id:expr, $side:ident => $call:expr) => {{
        let id = $id;
        match &id {
            #[cfg(feature = "aws")]
            ResourceId::Aws(_) => {
                let $side = $self.aws(&id)?;
                $call.await
            }
            ResourceId::Kubernetes(_) | ResourceId::Helm(_) => {
                let $side = $self.kubernetes(&id)?;
                $call.await
            }
            _ => Err(missing(&id)),
        }
    }};
}

impl Provider for Sides {
    async fn observe(&self, wanted: &Body) -> Result<Option<Present>, Failure> {
        side!(self, wanted.id(), side => side.observe(wanted))
    }

    async fn create(&self, wanted: &Body) -> Result<Present, Failure> {
        side!(self, wanted.id(), side => side.create(wanted))
    }

    async fn update(
        &self,
        wanted: &Body,
        present: &Present,
        changes: &[FieldChange],
    ) -> Result<Present, Failure> {
        side!(self, wanted.id(), side => side.update(wanted, present, changes))
    }

    async fn wait(&self, wanted: &Body) -> Result<Present, Failure> {
        side!(self, wanted.id(), side => side.wait(wanted))
    }

    async fn delete(&self, owned: &Owned) -> Result<(), Failure> {
        side!(self, owned.id.clone(), side => side.delete(owned))
    }
}

fn missing(id: &ResourceId) -> Failure {
    Failure {
        resource: id.to_string(),
        operation: "reaching its side of the stack".to_owned(),
        code: None,
        message: "this run works on the other side only".to_owned(),
        hint: Some("leave out `--only`".to_owned()),
    }
}
