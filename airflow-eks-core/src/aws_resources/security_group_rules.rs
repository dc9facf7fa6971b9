//! The rules of a security group.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// The rules of a security group that are ours. Rules that others add, such as the load balancer controller, are left
/// alone; the rule that AWS gives to every new group, all traffic out, counts as ours.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroupRules {
    /// The group.
    pub group_id: String,
    /// What may come in.
    pub ingress: BTreeSet<SecurityGroupRule>,
    /// What may go out.
    pub egress: BTreeSet<SecurityGroupRule>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityGroupRule {
    /// `tcp`, `udp`, or `-1` for all.
    pub ip_protocol: String,
    /// The first port; -1 where the protocol is `-1`.
    pub from_port: i32,
    /// The last port; -1 where the protocol is `-1`.
    pub to_port: i32,
    /// The other side: an address range, or the id of a security group.
    pub peer: String,
    /// What it is for.
    pub description: String,
}

impl Kind for SecurityGroupRules {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("groupId", Effect::Replace)];
}
