//! An EKS add-on.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// An EKS add-on.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Addon {
    /// The cluster.
    pub cluster_name: String,
    /// Its name, such as `vpc-cni`.
    pub addon_name: String,
    /// Its version. Without one EKS's default for the cluster's version is taken when it is made, and kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub addon_version: Option<String>,
    /// The role of its service account, by IRSA.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub service_account_role_arn: Option<String>,
    /// Its settings.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub configuration_values: Option<Value>,
}

impl Kind for Addon {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("clusterName", Effect::Replace), ("addonName", Effect::Replace)];
}
