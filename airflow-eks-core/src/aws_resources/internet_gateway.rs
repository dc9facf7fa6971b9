//! An internet gateway, attached to its VPC.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// An internet gateway, attached to its VPC. Gives `id`.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InternetGateway {
    /// The VPC.
    pub vpc_id: String,
}

impl Kind for InternetGateway {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
