//! A further address range of a VPC.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A further address range of a VPC. Gives `id`, that of the association.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateVpcCidrBlock.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VpcCidrBlock {
    /// The VPC.
    pub vpc_id: String,
    /// The range.
    pub cidr_block: String,
}

impl Kind for VpcCidrBlock {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("vpcId", SUBNETS), ("cidrBlock", SUBNETS)];
}

const SUBNETS: Effect = Effect::Blocked("the subnets in the range would have to be made again");
