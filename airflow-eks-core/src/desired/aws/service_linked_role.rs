//! The role that EC2 Spot needs once in each account: the first launch fails without.
//! See <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html>.

use super::parts::Parts;
use crate::aws_resources::ServiceLinkedRole;
use crate::spec::CapacityType;

/// Its name within the stack.
pub(super) const SPOT: &str = "spot";

pub(super) fn add(parts: &mut Parts<'_>) {
    let spot_group = parts.spec().node_groups.iter().any(|group| group.capacity_type == CapacityType::Spot);
    if spot_group || parts.has_karpenter_nodes() {
        let role = ServiceLinkedRole {
            aws_service_name: "spot.amazonaws.com".to_owned(),
            role_name: "AWSServiceRoleForEC2Spot".to_owned(),
        };
        parts.add_shared(SPOT, role);
    }
}
