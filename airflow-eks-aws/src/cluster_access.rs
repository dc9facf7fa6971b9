//! Where the API of a cluster is.

use airflow_eks_core::engine::Failure;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::found;

/// Where the API of a cluster is, and how to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterAccess {
    /// Its URL.
    pub endpoint: String,
    /// Its certificate authority, PEM in base64.
    pub certificate_authority: String,
}

impl Aws {
    /// Where the API of a cluster is; nothing where there is no such cluster, or it is not far enough to have one.
    ///
    /// # Errors
    /// The cluster cannot be read.
    pub async fn cluster_access(&self, cluster: &str) -> Result<Option<ClusterAccess>, Failure> {
        let answer = self
            .call(Operation::read("eks", "DescribeCluster"), format!("cluster {cluster}"), || {
                self.eks.describe_cluster().name(cluster).send()
            })
            .await;
        let answer = found(answer).map_err(|error| error.failure)?;
        Ok(answer.and_then(|answer| {
            let cluster = answer.cluster?;
            Some(ClusterAccess {
                endpoint: cluster.endpoint?,
                certificate_authority: cluster.certificate_authority?.data?,
            })
        }))
    }

    /// Whether there is a cluster of this name, whosever it is.
    ///
    /// # Errors
    /// The cluster cannot be read.
    pub async fn cluster_is_there(&self, cluster: &str) -> Result<bool, Failure> {
        let answer = self
            .call(Operation::read("eks", "DescribeCluster"), format!("cluster {cluster}"), || {
                self.eks.describe_cluster().name(cluster).send()
            })
            .await;
        Ok(found(answer).map_err(|error| error.failure)?.is_some())
    }
}
