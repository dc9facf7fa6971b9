//! The VPC, its second range, and its way to the internet.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>.

use super::parts::Parts;
use crate::aws_resources::{InternetGateway, Vpc, VpcCidrBlock};

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_own_network() {
        return;
    }
    let network = &parts.spec().network;
    let cidr_block = network.vpc_cidr.to_string();
    let vpc = Vpc {
        cidr_block,
        enable_dns_hostnames: true,
        enable_dns_support: true,
        default_security_group_closed: true,
    };
    parts.add("vpc", vpc);
    let vpc_id = parts.vpc_id();
    let cidr_block = network.secondary_cidr.to_string();
    parts.add("secondary", VpcCidrBlock { vpc_id: vpc_id.clone(), cidr_block });
    parts.add("internet", InternetGateway { vpc_id });
}
