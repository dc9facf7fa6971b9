//! Which role a service account stands for.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// Which IAM role a service account stands for, by EKS Pod Identity.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PodIdentityAssociation {
    /// The cluster.
    pub cluster_name: String,
    /// The namespace.
    pub namespace: String,
    /// The service account.
    pub service_account: String,
    /// The role.
    pub role_arn: String,
}

impl Kind for PodIdentityAssociation {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("clusterName", Effect::Replace),
        ("namespace", Effect::Replace),
        ("serviceAccount", Effect::Replace),
    ];
}
