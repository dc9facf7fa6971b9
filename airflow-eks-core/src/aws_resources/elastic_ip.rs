//! An Elastic IP address.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// An Elastic IP address. Gives `allocationId` and `publicIp`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ElasticIp {
    /// Where the address can be used: `vpc`.
    pub domain: String,
}

impl Kind for ElasticIp {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
