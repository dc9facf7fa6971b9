//! NAT gateways with their addresses: how nodes reach the internet.
//! See <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html>.

use super::network::{Tier, in_zone};
use super::parts::{Parts, mark};
use crate::aws_resources::{AwsKind, ElasticIp, NatGateway};
use crate::graph::{Attribute, AwsId};
use crate::spec::{Environment, NatGateways};

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_own_network() {
        return;
    }
    let gateway = AwsId::new(AwsKind::InternetGateway, "internet");
    let mut zones: Vec<String> = parts.zones().map(str::to_owned).collect();
    zones.retain(|zone| nat_zone(parts, zone).as_ref() == Some(zone));
    for zone in &zones {
        let address = parts.add(zone, ElasticIp { domain: "vpc".to_owned() });
        parts.wait(&address, &gateway);
        let nat = NatGateway {
            subnet_id: mark(AwsKind::Subnet, in_zone(Tier::Public, zone), Attribute::Id),
            allocation_id: mark(AwsKind::ElasticIp, zone, Attribute::AllocationId),
        };
        let nat = parts.add(zone, nat);
        parts.wait(&nat, &gateway);
    }
}

/// The zone whose NAT gateway a zone uses.
pub(super) fn nat_zone(parts: &Parts<'_>, zone: &str) -> Option<String> {
    let spec = parts.spec();
    let by_default = match spec.environment {
        Environment::Production => NatGateways::OnePerZone,
        Environment::Demo => NatGateways::Single,
    };
    match spec.network.nat_gateways.unwrap_or(by_default) {
        NatGateways::Single => parts.zones().next().map(str::to_owned),
        NatGateways::OnePerZone => Some(zone.to_owned()),
        NatGateways::None => None,
    }
}
