//! A Fargate profile.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A Fargate profile. A cluster takes one change of its profiles at a time.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateFargateProfile.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FargateProfile {
    /// The cluster.
    pub cluster_name: String,
    /// Its name.
    pub fargate_profile_name: String,
    /// The role of what runs the pods.
    pub pod_execution_role_arn: String,
    /// Where pods lie: private subnets only.
    pub subnets: BTreeSet<String>,
    /// Which pods.
    pub selectors: BTreeSet<FargateSelector>,
}

/// Which pods run on Fargate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FargateSelector {
    /// The namespace.
    pub namespace: String,
    /// Labels that a pod must carry.
    pub labels: BTreeMap<String, String>,
}

impl Kind for FargateProfile {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("clusterName", Effect::Replace),
        ("fargateProfileName", Effect::Replace),
        ("podExecutionRoleArn", Effect::Replace),
        ("subnets", Effect::Replace),
        ("selectors", Effect::Replace),
    ];
}
