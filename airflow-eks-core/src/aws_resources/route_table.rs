//! A route table with its routes and associations.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A route table with its routes and associations. Gives `id`. The route within the VPC and those of gateway endpoints
/// are AWS's own and not listed.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteTable {
    /// The VPC.
    pub vpc_id: String,
    /// Its routes.
    pub routes: BTreeSet<Route>,
    /// The subnets that use it.
    pub subnet_ids: BTreeSet<String>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Where packets want to go.
    pub destination_cidr_block: String,
    /// What they go through: the id of an internet gateway or a NAT gateway.
    pub target: String,
}

impl Kind for RouteTable {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("vpcId", Effect::Replace)];
}
