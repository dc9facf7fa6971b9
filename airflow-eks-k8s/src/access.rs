//! How a cluster is reached.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use airflow_eks_core::engine::{Failure, SecretText};
use futures::future::BoxFuture;

/// How a cluster is reached.
#[derive(Clone)]
pub enum Access {
    /// As kubectl would.
    Kubeconfig {
        /// The file; otherwise those of `KUBECONFIG`, or `~/.kube/config`.
        file: Option<PathBuf>,
        /// The context in it; otherwise its current one.
        context: Option<String>,
    },
    /// Through somebody who knows the cluster as soon as it is there.
    Cluster(Arc<dyn ClusterCredentials>),
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kubeconfig { file, context } => {
                f.debug_struct("Kubeconfig").field("file", file).field("context", context).finish()
            }
            Self::Cluster(_) => f.write_str("Cluster"),
        }
    }
}

/// Somebody who knows the cluster as soon as it is there, and lets us into it.
pub trait ClusterCredentials: Send + Sync {
    /// Where the cluster's API is; nothing while there is no cluster.
    ///
    /// # Errors
    /// It cannot be found out. That is never taken for no cluster.
    fn endpoint(&self) -> BoxFuture<'_, Result<Option<Endpoint>, Failure>>;

    /// A token for it. It is asked for again before it expires.
    ///
    /// # Errors
    /// There is none to be had.
    fn token(&self) -> BoxFuture<'_, Result<Token, Failure>>;
}

/// Where a cluster's API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its URL.
    pub url: String,
    /// Who signs its certificate: PEM in base64.
    pub certificate_authority: String,
}

/// A token for a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The token itself.
    pub text: SecretText,
    /// When it ends.
    pub expires: SystemTime,
}
