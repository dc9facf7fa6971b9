//! A VPC.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A VPC. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vpc {
    /// Its own address range.
    pub cidr_block: String,
    /// Whether instances with public addresses get public names. EKS needs it for private endpoints.
    pub enable_dns_hostnames: bool,
    /// Whether names are resolved.
    pub enable_dns_support: bool,
    /// Whether the security group that AWS gives to every VPC has no rules: what forgets to name a group gets that one.
    pub default_security_group_closed: bool,
}

impl Kind for Vpc {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("cidrBlock", Effect::Blocked("everything in the VPC would have to be made again"))];
}
