//! A security group, without rules: groups refer to each other, and rules come after all groups.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A security group, without rules: groups refer to each other, and rules come after all groups. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroup {
    /// The VPC.
    pub vpc_id: String,
    /// Its name.
    pub group_name: String,
    /// What it is for.
    pub description: String,
}

impl Kind for SecurityGroup {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("vpcId", IN_USE), ("groupName", IN_USE), ("description", IN_USE)];
}

const IN_USE: Effect = Effect::Blocked("the group is in use, and AWS cannot change it");
