//! The API of the stack's cluster, as AWS tells of it.

use airflow_eks_aws::Aws;
use airflow_eks_core::engine::{Failure, SecretText};
use airflow_eks_k8s::{ClusterCredentials, Endpoint, Token};
use futures::future::BoxFuture;

/// The API of a cluster, which may not be there yet.
pub(crate) struct AwsCluster {
    pub(crate) aws: Aws,
    pub(crate) name: String,
}

impl ClusterCredentials for AwsCluster {
    fn endpoint(&self) -> BoxFuture<'_, Result<Option<Endpoint>, Failure>> {
        Box::pin(async {
            let access = self.aws.cluster_access(&self.name).await?;
            Ok(access.map(|access| Endpoint {
                url: access.endpoint,
                certificate_authority: access.certificate_authority,
            }))
        })
    }

    fn token(&self) -> BoxFuture<'_, Result<Token, Failure>> {
        Box::pin(async {
            let token = self.aws.token(&self.name).await?;
            Ok(Token { text: SecretText::new(token.text), expires: token.expires })
        })
    }
}
