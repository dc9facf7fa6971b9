//! A route table with its routes and associations.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{AwsKind, Route, RouteTable};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{
    self as ec2, Filter, ResourceType, RouteOrigin, RouteState, RouteTableAssociation,
    RouteTableAssociationStateCode,
};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;
use crate::wait::looking_first;

impl Manage for RouteTable {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let tables = describe(aws, &wanted.id.to_string(), tags::filters(aws, wanted.id)).await?;
        let Some(table) = tags::only_one(wanted.id, &tables)? else { return Ok(None) };
        let id = table.route_table_id().unwrap_or_default();
        let associating = RouteTableAssociationStateCode::Associating;
        let readiness = match table.associations().iter().any(|a| state(a) == Some(&associating)) {
            true => Readiness::InProgress(associating.as_str().to_owned()),
            false => Readiness::Ready,
        };
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self {
                vpc_id: table.vpc_id().unwrap_or_default().to_owned(),
                routes: table.routes().iter().filter_map(|one| route(one, &wanted.body.routes)).collect(),
                subnet_ids: subnets(table).iter().map(|(subnet, _)| (*subnet).to_owned()).collect(),
            },
            tags: tags::read(table.tags()),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness,
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let answer = aws
            .call(Operation::once("ec2", "CreateRouteTable"), wanted.id, || {
                aws.ec2
                    .create_route_table()
                    .vpc_id(&wanted.body.vpc_id)
                    .tag_specifications(tags::on_creation(ResourceType::RouteTable, wanted.tags))
                    .send()
            })
            .await?;
        let id = answer.route_table().and_then(|table| table.route_table_id()).unwrap_or_default();
        set_routes(aws, wanted, id).await?;
        associate(aws, wanted, id).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("routes") {
            set_routes(aws, wanted, physical_id).await?;
        }
        if changes.touch("subnetIds") {
            associate(aws, wanted, physical_id).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        if let Some(table) = by_id(aws, physical_id, physical_id).await? {
            for (_, association) in subnets(&table) {
                disassociate(aws, physical_id, association).await?;
            }
        }
        gone(
            aws.call(Operation::delete("ec2", "DeleteRouteTable"), physical_id, || {
                aws.ec2.delete_route_table().route_table_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::RouteTable, &ResourceType::RouteTable).await
    }
}

async fn describe(aws: &Aws, resource: &str, filters: Vec<Filter>) -> Result<Vec<ec2::RouteTable>, Error> {
    let operation = Operation::read("ec2", "DescribeRouteTables");
    let send = |token| {
        aws.ec2.describe_route_tables().set_filters(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.route_tables, page.next_token)).await
}

async fn by_id(aws: &Aws, resource: &str, table: &str) -> Result<Option<ec2::RouteTable>, Error> {
    let found = describe(aws, resource, vec![tags::filter("route-table-id", table)]).await?;
    Ok(found.into_iter().next())
}

/// A route, if it is neither one of AWS's own (the one within the VPC, those of gateway endpoints, those that a VPN
/// announces) nor one that others added: the stack's own lead to an internet gateway or a NAT gateway. Where one of others
/// goes where a wanted one is to go, it counts: a table has one route a destination.
/// See <https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html>.
fn route(route: &ec2::Route, wanted: &BTreeSet<Route>) -> Option<Route> {
    let own = route.gateway_id() == Some("local")
        || matches!(
            route.origin(),
            Some(RouteOrigin::CreateRouteTable | RouteOrigin::EnableVgwRoutePropagation)
        )
        || route.destination_prefix_list_id().is_some();
    let destination = route.destination_cidr_block().or(route.destination_ipv6_cidr_block());
    let destination = destination.filter(|_| !own)?;
    let targets = [
        route.nat_gateway_id(),
        route.gateway_id(),
        route.transit_gateway_id(),
        route.vpc_peering_connection_id(),
        route.egress_only_internet_gateway_id(),
        route.local_gateway_id(),
        route.carrier_gateway_id(),
        route.core_network_arn(),
        route.network_interface_id(),
        route.instance_id(),
    ];
    let target = targets.into_iter().flatten().find(|target| !target.is_empty()).unwrap_or("unknown");
    let of_stack = target.starts_with("igw-") || target.starts_with("nat-");
    if !of_stack && !wanted.iter().any(|wanted| wanted.destination_cidr_block == destination) {
        return None;
    }
    // What it goes through is gone: not the route that was wanted, even where that was its target.
    let blackhole = route.state() == Some(&RouteState::Blackhole);
    let target = if blackhole { format!("{target} (blackhole)") } else { target.to_owned() };
    Some(Route { destination_cidr_block: destination.to_owned(), target })
}

fn state(association: &RouteTableAssociation) -> Option<&RouteTableAssociationStateCode> {
    association.association_state().and_then(|state| state.state())
}

/// The subnets that use a table, each with its association.
fn subnets(table: &ec2::RouteTable) -> Vec<(&str, &str)> {
    use RouteTableAssociationStateCode::{Disassociated, Disassociating, Failed};
    let holds = |association: &&RouteTableAssociation| {
        !matches!(state(association), Some(Disassociated | Disassociating | Failed))
    };
    let pair = |association| {
        let association: &RouteTableAssociation = association;
        Some((association.subnet_id()?, association.route_table_association_id()?))
    };
    table.associations().iter().filter(holds).filter_map(pair).collect()
}

/// Makes the routes those that are wanted. A route is never away for a moment only because its target changes.
async fn set_routes(aws: &Aws, wanted: Wanted<'_, RouteTable>, table: &str) -> Result<(), Error> {
    let resource = wanted.id.to_string();
    looking_first(|| async {
        let found = by_id(aws, &resource, table).await?;
        let found: Vec<Route> = found
            .iter()
            .flat_map(ec2::RouteTable::routes)
            .filter_map(|one| route(one, &wanted.body.routes))
            .collect();
        for route in wanted.body.routes.difference(&found.iter().cloned().collect()) {
            let same_destination =
                |other: &Route| other.destination_cidr_block == route.destination_cidr_block;
            match found.iter().any(same_destination) {
                true => replace_route(aws, &resource, table, route).await?,
                false => create_route(aws, &resource, table, route).await?,
            }
        }
        for old in found {
            let destination = &old.destination_cidr_block;
            if !wanted.body.routes.iter().any(|route| route.destination_cidr_block == *destination) {
                delete_route(aws, &resource, table, destination).await?;
            }
        }
        Ok(())
    })
    .await
}

/// An id in the field that its kind has: the gateway that it is not, and the NAT gateway that it is.
fn target(route: &Route) -> (Option<String>, Option<String>) {
    let target = Some(route.target.clone());
    if route.target.starts_with("nat-") { (None, target) } else { (target, None) }
}

async fn create_route(aws: &Aws, resource: &str, table: &str, route: &Route) -> Result<(), Error> {
    let (gateway, nat_gateway) = target(route);
    aws.call(Operation::once("ec2", "CreateRoute"), resource, || {
        aws.ec2
            .create_route()
            .route_table_id(table)
            .destination_cidr_block(&route.destination_cidr_block)
            .set_gateway_id(gateway.clone())
            .set_nat_gateway_id(nat_gateway.clone())
            .send()
    })
    .await
    .map(drop)
}

async fn replace_route(aws: &Aws, resource: &str, table: &str, route: &Route) -> Result<(), Error> {
    let (gateway, nat_gateway) = target(route);
    aws.call(Operation::repeatable("ec2", "ReplaceRoute"), resource, || {
        aws.ec2
            .replace_route()
            .route_table_id(table)
            .destination_cidr_block(&route.destination_cidr_block)
            .set_gateway_id(gateway.clone())
            .set_nat_gateway_id(nat_gateway.clone())
            .send()
    })
    .await
    .map(drop)
}

async fn delete_route(aws: &Aws, resource: &str, table: &str, destination: &str) -> Result<(), Error> {
    let (v6, v4): (Vec<&str>, Vec<&str>) = [destination].into_iter().partition(|text| text.contains(':'));
    let one = |of: &[&str]| of.first().map(|text| (*text).to_owned());
    gone(
        aws.call(Operation::delete("ec2", "DeleteRoute"), resource, || {
            aws.ec2
                .delete_route()
                .route_table_id(table)
                .set_destination_cidr_block(one(&v4))
                .set_destination_ipv6_cidr_block(one(&v6))
                .send()
        })
        .await,
    )
}

/// Lets the wanted subnets use the table, and no others. A subnet that uses another one changes over in one call: without
/// any table, it would be cut off.
async fn associate(aws: &Aws, wanted: Wanted<'_, RouteTable>, table: &str) -> Result<(), Error> {
    let resource = wanted.id.to_string();
    for subnet in &wanted.body.subnet_ids {
        looking_first(|| associate_one(aws, &resource, table, subnet)).await?;
    }
    if let Some(found) = by_id(aws, &resource, table).await? {
        for (subnet, association) in subnets(&found) {
            if !wanted.body.subnet_ids.contains(subnet) {
                disassociate(aws, &resource, association).await?;
            }
        }
    }
    Ok(())
}

async fn associate_one(aws: &Aws, resource: &str, table: &str, subnet: &str) -> Result<(), Error> {
    let tables = describe(aws, resource, vec![tags::filter("association.subnet-id", subnet)]).await?;
    let used = tables.iter().find_map(|found| {
        let of_subnet = subnets(found).into_iter().find(|(other, _)| *other == subnet);
        of_subnet.map(|(_, association)| (found.route_table_id(), association))
    });
    match used {
        Some((other, _)) if other == Some(table) => Ok(()),
        Some((_, association)) => aws
            .call(Operation::once("ec2", "ReplaceRouteTableAssociation"), resource, || {
                aws.ec2
                    .replace_route_table_association()
                    .association_id(association)
                    .route_table_id(table)
                    .send()
            })
            .await
            .map(drop),
        None => aws
            .call(Operation::once("ec2", "AssociateRouteTable"), resource, || {
                aws.ec2.associate_route_table().route_table_id(table).subnet_id(subnet).send()
            })
            .await
            .map(drop),
    }
}

async fn disassociate(aws: &Aws, resource: &str, association: &str) -> Result<(), Error> {
    gone(
        aws.call(Operation::delete("ec2", "DisassociateRouteTable"), resource, || {
            aws.ec2.disassociate_route_table().association_id(association).send()
        })
        .await,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(
        build: impl FnOnce(ec2::builders::RouteBuilder) -> ec2::builders::RouteBuilder,
    ) -> Option<Route> {
        let route_there = build(ec2::Route::builder().destination_cidr_block("0.0.0.0/0")).build();
        route(&route_there, &BTreeSet::new())
    }

    #[test]
    fn routes_of_others_show_only_where_a_wanted_one_is_to_go() {
        assert_eq!(found(|r| r.transit_gateway_id("tgw-1")), None);
        assert_eq!(found(|r| r.vpc_peering_connection_id("pcx-1")), None);
        assert_eq!(found(|r| r.gateway_id("vgw-1")), None);
        let propagated = RouteOrigin::EnableVgwRoutePropagation;
        assert_eq!(found(|r| r.gateway_id("igw-1").origin(propagated)), None);
        assert!(found(|r| r.gateway_id("igw-1")).is_some_and(|route| route.target == "igw-1"));
        let wanted =
            BTreeSet::from([Route { destination_cidr_block: "0.0.0.0/0".into(), target: "nat-1".into() }]);
        let other =
            ec2::Route::builder().destination_cidr_block("0.0.0.0/0").transit_gateway_id("tgw-1").build();
        assert!(route(&other, &wanted).is_some_and(|route| route.target == "tgw-1"));
    }

    #[test]
    fn routes_of_aws_itself_are_not_listed() {
        assert_eq!(found(|r| r.gateway_id("local")), None);
        assert_eq!(
            route(&ec2::Route::builder().destination_prefix_list_id("pl-1").build(), &BTreeSet::new()),
            None
        );
    }

    #[test]
    fn a_route_into_nothing_is_not_the_wanted_one() {
        let whole = found(|r| r.nat_gateway_id("nat-1").state(RouteState::Active)).unwrap();
        let broken = found(|r| r.nat_gateway_id("nat-1").state(RouteState::Blackhole)).unwrap();
        assert_eq!(whole.target, "nat-1");
        assert_ne!(whole, broken);
    }
}
