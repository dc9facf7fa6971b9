//! A VPC endpoint.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A VPC endpoint. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VpcEndpoint {
    /// The VPC.
    pub vpc_id: String,
    /// The service, such as `com.amazonaws.eu-central-1.s3`.
    pub service_name: String,
    /// How traffic gets to it.
    pub vpc_endpoint_type: VpcEndpointType,
    /// The route tables that lead to it: of a gateway endpoint.
    pub route_table_ids: BTreeSet<String>,
    /// The subnets that it has an address in: of an interface endpoint.
    pub subnet_ids: BTreeSet<String>,
    /// The security groups of its addresses: of an interface endpoint.
    pub security_group_ids: BTreeSet<String>,
    /// Whether the service's usual name leads to it: of an interface endpoint.
    pub private_dns_enabled: bool,
}

/// How traffic gets to a VPC endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub enum VpcEndpointType {
    /// By route tables.
    Gateway,
    /// By an address in each subnet.
    Interface,
}

impl Kind for VpcEndpoint {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("vpcId", Effect::Replace), ("serviceName", Effect::Replace), ("vpcEndpointType", Effect::Replace)];
}
