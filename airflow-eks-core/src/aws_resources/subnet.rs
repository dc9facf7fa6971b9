//! A subnet.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A subnet. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subnet {
    /// The VPC.
    pub vpc_id: String,
    /// Its address range.
    pub cidr_block: String,
    /// Its zone.
    pub availability_zone: String,
    /// Whether instances get public addresses.
    pub map_public_ip_on_launch: bool,
}

impl Kind for Subnet {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("vpcId", CONTENTS), ("cidrBlock", CONTENTS), ("availabilityZone", CONTENTS)];
}

const CONTENTS: Effect = Effect::Blocked("everything in the subnet would have to be made again");
