//! Who may do what in a cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// Who may do what in a cluster.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessEntry {
    /// The cluster.
    pub cluster_name: String,
    /// The role or user.
    pub principal_arn: String,
    /// `STANDARD` for people and programs, `EC2_LINUX` for nodes.
    #[serde(rename = "type")]
    pub entry_type: String,
    /// What it may do, by ARN of the access policy.
    pub access_policies: BTreeMap<String, AccessScope>,
}

/// Where an access policy counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessScope {
    /// The namespaces; none for the whole cluster.
    pub namespaces: BTreeSet<String>,
}

impl Kind for AccessEntry {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("clusterName", Effect::Replace), ("principalArn", Effect::Replace), ("type", Effect::Replace)];
}
