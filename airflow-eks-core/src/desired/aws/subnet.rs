//! Subnets: one of each tier in each zone.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html> for the tags.

use super::network::{Tier, in_zone};
use super::parts::Parts;
use super::{cidr, tags};
use crate::aws_resources::{AwsKind, Subnet, Tags};
use crate::graph::AwsId;

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_own_network() {
        return;
    }
    let network = &parts.spec().network;
    let stack = parts.stack;
    let ranges =
        cidr::zones(network.vpc_cidr.network(), network.secondary_cidr.network(), stack.zones().len());
    for (zone, ranges) in stack.zones().iter().zip(ranges) {
        for tier in Tier::ALL {
            let range = match tier {
                Tier::Public => ranges.public,
                Tier::Private => ranges.private,
                Tier::DataPlane => ranges.data_plane,
                Tier::Database => ranges.database,
            };
            let subnet = Subnet {
                vpc_id: parts.vpc_id(),
                cidr_block: range.to_string(),
                availability_zone: zone.to_string(),
                // Load balancers and NAT gateways bring addresses of their own.
                map_public_ip_on_launch: false,
            };
            let id = parts.add_tagged(in_zone(*tier, zone.as_str()), subnet, discovery(parts, *tier));
            if *tier == Tier::DataPlane {
                parts.wait(&id, &AwsId::new(AwsKind::VpcCidrBlock, "secondary"));
            }
        }
    }
}

/// Tags by which the load balancer controller and Karpenter find subnets. Karpenter is to find those of nodes alone: the
/// others are small.
fn discovery(parts: &Parts<'_>, tier: Tier) -> Tags {
    match tier {
        Tier::Public => tags::pairs([("kubernetes.io/role/elb", "1")]),
        Tier::Private => tags::pairs([("kubernetes.io/role/internal-elb", "1")]),
        Tier::DataPlane if parts.has_karpenter_nodes() => {
            tags::pairs([("karpenter.sh/discovery", parts.names().node_discovery())])
        }
        Tier::DataPlane | Tier::Database => Tags::new(),
    }
}
