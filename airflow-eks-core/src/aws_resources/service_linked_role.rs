//! A service-linked role.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A role that an AWS service uses in the whole account, such as that of EC2 Spot. Made where it is missing, and never
/// changed. It is deleted only with the stack that made it, where nothing else uses it.
/// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceLinkedRole {
    /// The service, such as `spot.amazonaws.com`.
    pub aws_service_name: String,
    /// The name that AWS gives to the role, such as `AWSServiceRoleForEC2Spot`.
    pub role_name: String,
}

impl Kind for ServiceLinkedRole {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
