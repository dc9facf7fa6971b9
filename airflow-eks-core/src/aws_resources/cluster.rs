//! An EKS cluster.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// An EKS cluster. Gives `arn`, `endpoint`, `certificateAuthority`, `oidcIssuer` (without `https://`) and
/// `securityGroupId` (the group that EKS makes).
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its Kubernetes version, such as `1.35`. It goes up by one minor version at a time.
    pub version: String,
    /// The role of the control plane.
    pub role_arn: String,
    /// Where the control plane's network interfaces lie.
    pub subnet_ids: BTreeSet<String>,
    /// Security groups of those interfaces besides the one that EKS makes.
    pub security_group_ids: BTreeSet<String>,
    /// Whether the API is reached from the internet.
    pub endpoint_public_access: bool,
    /// Whether the API is reached from within the VPC.
    pub endpoint_private_access: bool,
    /// From where the public endpoint is reached.
    pub public_access_cidrs: BTreeSet<String>,
    /// The control plane's logs that are kept: `api`, `audit`, `authenticator`, `controllerManager`, `scheduler`.
    pub logging: BTreeSet<String>,
    /// The KMS key that Kubernetes secrets are encrypted with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub encryption_key_arn: Option<String>,
    /// How callers are known: `API`.
    pub authentication_mode: String,
    /// Whether who makes the cluster becomes its administrator.
    pub bootstrap_cluster_creator_admin_permissions: bool,
    /// What happens when the version leaves standard support: `STANDARD` upgrades, `EXTENDED` costs more.
    pub support_type: String,
}

impl Kind for Cluster {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("name", ANEW),
        ("roleArn", ANEW),
        ("encryptionKeyArn", Effect::Blocked("EKS cannot change the key, or stop encrypting")),
        ("bootstrapClusterCreatorAdminPermissions", Effect::Initial),
    ];
}

const ANEW: Effect = Effect::Blocked("the whole cluster would have to be made again");

/// An EKS cluster that was there before: it is only read, and gives the same outputs as one of the stack's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExistingCluster {
    /// Its name.
    pub name: String,
}

impl Kind for ExistingCluster {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
