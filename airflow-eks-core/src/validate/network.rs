//! The VPC.

use super::{Check, at, no_repetition, word_of};
use crate::spec::{InterfaceEndpoint, NatGateways, Network, PodIdentity};

/// What nodes cannot do without where there is no way to the internet.
const NEEDED_ENDPOINTS: &[(InterfaceEndpoint, &str)] = &[
    (InterfaceEndpoint::Ec2, "ec2"),
    (InterfaceEndpoint::EcrApi, "ecr-api"),
    (InterfaceEndpoint::EcrDkr, "ecr-dkr"),
    (InterfaceEndpoint::Sts, "sts"),
];

/// Where the agent of EKS Pod Identity gets credentials for pods.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html>.
const POD_IDENTITY_ENDPOINT: (InterfaceEndpoint, &str) = (InterfaceEndpoint::EksAuth, "eks-auth");

pub(super) fn check(check: &mut Check<'_>) {
    let network = &check.spec.network;
    if network.existing.is_some() {
        existing(check, network);
    } else if check.spec.cluster.existing.is_some() {
        of_cluster(check);
    } else {
        ranges(check, network);
        zones(check, network);
        endpoints(check, network);
    }
}

/// An existing cluster lies in a network of its own: one that the stack makes would be of no use to it.
fn of_cluster(check: &mut Check<'_>) {
    let spec = check.spec;
    let needs: Vec<&str> = [
        ("nodeGroups", !spec.node_groups.is_empty()),
        ("fargateProfiles", !spec.fargate_profiles.is_empty()),
        ("karpenterNodePools", !spec.karpenter_node_pools.is_empty()),
        ("a database", spec.database.existing.is_none()),
        ("a file system", spec.file_system.enabled && spec.file_system.existing.is_none()),
    ]
    .into_iter()
    .filter_map(|(what, needed)| needed.then_some(what))
    .collect();
    check.ensure_reading(
        &[at("database"), at("fileSystem")],
        needs.is_empty(),
        &at("cluster").key("existing"),
        format!(
            "the cluster exists, and the stack does not know its network, which it needs for {}",
            needs.join(", ")
        ),
        "name the cluster's VPC and subnets in `network.existing`",
    );
}

fn existing(check: &mut Check<'_>, network: &Network) {
    let Some(existing) = &network.existing else { return };
    let path = at("network").key("existing");
    check.ensure(
        existing.private_subnet_ids.len() >= 2,
        &path.key("privateSubnetIds"),
        "fewer than two private subnets are named",
        "name at least two, in different availability zones: EKS needs them for its endpoint",
    );
    no_repetition(check, &path.key("privateSubnetIds"), None, &existing.private_subnet_ids);
    no_repetition(check, &path.key("publicSubnetIds"), None, &existing.public_subnet_ids);
    no_repetition(check, &path.key("databaseSubnetIds"), None, &existing.database_subnet_ids);
    for (key, given) in [
        ("natGateways", network.nat_gateways.is_some()),
        ("interfaceEndpoints", !network.interface_endpoints.is_empty()),
        ("availabilityZones", !network.availability_zones.is_empty()),
    ] {
        check.ensure(
            !given,
            &at("network").key(key),
            format!("`{key}` has no effect: an existing VPC is used as it is"),
            format!("remove `{key}`, or remove `existing` to have a VPC made"),
        );
    }
}

fn ranges(check: &mut Check<'_>, network: &Network) {
    let (vpc, secondary) = (&network.vpc_cidr, &network.secondary_cidr);
    check.ensure(
        (16..=20).contains(&vpc.prefix_length()),
        &at("network").key("vpcCidr"),
        format!("`{vpc}` has a prefix of /{}", vpc.prefix_length()),
        "use a block from /16, the largest that AWS allows, to /20, the smallest that holds all subnets",
    );
    check.ensure(
        (16..=18).contains(&secondary.prefix_length()),
        &at("network").key("secondaryCidr"),
        format!("`{secondary}` has a prefix of /{}", secondary.prefix_length()),
        "use a block from /16 to /18: every pod takes one of its addresses",
    );
    check.ensure_reading(
        &[at("network").key("vpcCidr")],
        !vpc.overlaps(secondary),
        &at("network").key("secondaryCidr"),
        format!("`{secondary}` overlaps the VPC's own range `{vpc}`"),
        "choose a block of its own, such as 100.64.0.0/16",
    );
}

fn zones(check: &mut Check<'_>, network: &Network) {
    let path = at("network").key("availabilityZones");
    let zones = &network.availability_zones;
    check.ensure(
        (2..=3).contains(&network.zone_count),
        &at("network").key("zoneCount"),
        format!("{} is not a number of zones that a stack can use", network.zone_count),
        "write 2 or 3",
    );
    check.ensure(
        zones.is_empty() || (2..=3).contains(&zones.len()),
        &path,
        format!("a stack uses two or three zones, not {}", zones.len()),
        "list two or three, or leave the list out to have them chosen",
    );
    let usable = check.facts.usable_zones.as_ref().map_or(usize::MAX, Vec::len);
    check.ensure_reading(
        std::slice::from_ref(&path),
        !zones.is_empty() || usable >= network.zone_count.into(),
        &at("network").key("zoneCount"),
        format!("EKS can use only {usable} zones of this account, not {}", network.zone_count),
        "write a smaller number, or use another Region",
    );
    no_repetition(check, &path, None, zones);
    for (position, zone) in zones.iter().enumerate() {
        let region = check.spec.region.as_str();
        check.ensure_reading(
            &[at("region")],
            zone.region() == region,
            &path.index(position),
            format!("the zone `{zone}` does not belong to the Region `{region}`"),
            format!("choose a zone such as `{region}a`"),
        );
        let usable = check.facts.usable_zones.as_ref();
        check.ensure(
            zone.region() != region || usable.is_none_or(|usable| usable.contains(zone)),
            &path.index(position),
            format!("EKS cannot use the zone `{zone}` of this account"),
            "choose another, or leave the list out to have zones chosen",
        );
    }
}

fn endpoints(check: &mut Check<'_>, network: &Network) {
    let path = at("network").key("interfaceEndpoints");
    no_repetition(check, &path, None, network.interface_endpoints.iter().map(word_of));
    if network.nat_gateways != Some(NatGateways::None) {
        return;
    }
    let pod_identity = check.spec.identities.provider == PodIdentity::PodIdentity;
    let missing: Vec<&str> = NEEDED_ENDPOINTS
        .iter()
        .chain(pod_identity.then_some(&POD_IDENTITY_ENDPOINT))
        .filter(|(endpoint, _)| !network.interface_endpoints.contains(endpoint))
        .map(|(_, name)| *name)
        .collect();
    check.ensure_reading(
        &[path, at("identities")],
        missing.is_empty(),
        &at("network").key("natGateways"),
        "without NAT gateways, nodes cannot reach the services that they need to start",
        format!("add to interfaceEndpoints: {}", missing.join(", ")),
    );
    check.ensure_reading(
        &[at("network").key("natGateways")],
        network.s3_gateway_endpoint,
        &at("network").key("s3GatewayEndpoint"),
        "without NAT gateways, this endpoint is the only way to S3, where images are kept",
        "write `s3GatewayEndpoint: true`, or change natGateways",
    );
}
