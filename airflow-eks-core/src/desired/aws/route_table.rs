//! Route tables: one for all public subnets, one for each zone's private ones, one for the database's, which leads nowhere.

use std::collections::BTreeSet;

use super::nat_gateway::nat_zone;
use super::network::{Tier, in_zone};
use super::parts::{Parts, mark};
use crate::aws_resources::{AwsKind, Route, RouteTable};
use crate::graph::Attribute;

const EVERYWHERE: &str = "0.0.0.0/0";

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_own_network() {
        return;
    }
    let to = |target: String| Route { destination_cidr_block: EVERYWHERE.to_owned(), target };
    let internet = to(mark(AwsKind::InternetGateway, "internet", Attribute::Id));
    let public = parts.subnet_ids(Tier::Public);
    table(parts, "public", Some(internet), public);
    let zones: Vec<String> = parts.zones().map(str::to_owned).collect();
    for zone in &zones {
        let nat = nat_zone(parts, zone).map(|nat| to(mark(AwsKind::NatGateway, nat, Attribute::Id)));
        let subnet = |tier| mark(AwsKind::Subnet, in_zone(tier, zone), Attribute::Id);
        let subnets = [subnet(Tier::Private), subnet(Tier::DataPlane)].into();
        table(parts, &in_zone(Tier::Private, zone), nat, subnets);
    }
    let database = parts.subnet_ids(Tier::Database);
    table(parts, "database", None, database);
}

fn table(parts: &mut Parts<'_>, name: &str, route: Option<Route>, subnet_ids: BTreeSet<String>) {
    let vpc_id = parts.vpc_id();
    parts.add(name, RouteTable { vpc_id, routes: route.into_iter().collect(), subnet_ids });
}
