//! A NAT gateway.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A NAT gateway. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NatGateway {
    /// The public subnet that it lies in.
    pub subnet_id: String,
    /// Its Elastic IP address.
    pub allocation_id: String,
}

impl Kind for NatGateway {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("subnetId", Effect::Replace), ("allocationId", Effect::Replace)];
}
