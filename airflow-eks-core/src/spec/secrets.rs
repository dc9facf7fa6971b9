//! How generated secrets reach the cluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How generated secrets reach the cluster. They are made once and kept in AWS Secrets Manager either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SecretDelivery {
    /// `apply` writes the Kubernetes secrets.
    #[default]
    Direct,
    /// The External Secrets Operator reads them from Secrets Manager: the manifests hold no secret, and suit GitOps.
    ExternalSecrets,
}
