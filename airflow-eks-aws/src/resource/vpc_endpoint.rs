//! A VPC endpoint.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{AwsKind, STACK_TAG, VpcEndpoint, VpcEndpointType};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{self as ec2, Filter, ResourceType, UnsuccessfulItem};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, classify, found};
use crate::tags::ec2 as tags;

impl Manage for VpcEndpoint {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let mut endpoints = describe(aws, &wanted.id.to_string(), tags::filters(aws, wanted.id)).await?;
        endpoints.retain(|endpoint| !is_leaving(endpoint));
        let Some(endpoint) = tags::only_one(wanted.id, &endpoints)? else { return Ok(None) };
        let id = endpoint.vpc_endpoint_id().unwrap_or_default();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: body(wanted.id, endpoint)?,
            tags: tags::read(endpoint.tags()),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness: readiness(endpoint),
            ownership: Ownership::Ours,
        }))
    }

    /// AWS remembers the tokens of endpoints that were deleted since, so none is given: the tags tell.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let wanted_body = wanted.body;
        aws.call(Operation::once("ec2", "CreateVpcEndpoint"), wanted.id, || {
            let request = aws
                .ec2
                .create_vpc_endpoint()
                .vpc_id(&wanted_body.vpc_id)
                .service_name(&wanted_body.service_name)
                .tag_specifications(tags::on_creation(ResourceType::VpcEndpoint, wanted.tags));
            let request = match wanted_body.vpc_endpoint_type {
                VpcEndpointType::Gateway => request
                    .vpc_endpoint_type(ec2::VpcEndpointType::Gateway)
                    .set_route_table_ids(list(&wanted_body.route_table_ids)),
                _ => request
                    .vpc_endpoint_type(ec2::VpcEndpointType::Interface)
                    .set_subnet_ids(list(&wanted_body.subnet_ids))
                    .set_security_group_ids(list(&wanted_body.security_group_ids))
                    .private_dns_enabled(wanted_body.private_dns_enabled),
            };
            request.send()
        })
        .await
        .map(drop)
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch_any(&["routeTableIds", "subnetIds", "securityGroupIds", "privateDnsEnabled"]) {
            modify(aws, wanted, physical_id, changes).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let answer = aws
            .call(Operation::delete("ec2", "DeleteVpcEndpoints"), physical_id, || {
                aws.ec2.delete_vpc_endpoints().vpc_endpoint_ids(physical_id).send()
            })
            .await;
        // It says within a successful answer what was not done.
        let refused = answer.and_then(|answer| match answer.unsuccessful() {
            [] => Ok(()),
            [item, ..] => Err(refused(physical_id, item)),
        });
        found(refused).map(drop)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let endpoint = by_id(aws, physical_id, physical_id).await?;
        Ok(endpoint.is_none_or(|endpoint| is_in_state(&endpoint, "deleted")))
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let filters = vec![tags::filter(&format!("tag:{STACK_TAG}"), &aws.stack)];
        let endpoints = describe(aws, &AwsKind::VpcEndpoint.to_string(), filters).await?;
        Ok(endpoints
            .iter()
            .filter(|endpoint| !is_in_state(endpoint, "deleted"))
            .filter_map(|endpoint| {
                let id = aws.marked(&tags::read(endpoint.tags()))?;
                Some((id, endpoint.vpc_endpoint_id()?.to_owned()))
            })
            .collect())
    }
}

async fn describe(aws: &Aws, resource: &str, filters: Vec<Filter>) -> Result<Vec<ec2::VpcEndpoint>, Error> {
    let operation = Operation::read("ec2", "DescribeVpcEndpoints");
    let send = |token| {
        aws.ec2.describe_vpc_endpoints().set_filters(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.vpc_endpoints, page.next_token)).await
}

async fn by_id(aws: &Aws, resource: &str, endpoint: &str) -> Result<Option<ec2::VpcEndpoint>, Error> {
    let operation = Operation::read("ec2", "DescribeVpcEndpoints");
    let answer = aws
        .call(operation, resource, || aws.ec2.describe_vpc_endpoints().vpc_endpoint_ids(endpoint).send())
        .await;
    Ok(found(answer)?.and_then(|answer| answer.vpc_endpoints?.into_iter().next()))
}

fn body(id: &AwsId, endpoint: &ec2::VpcEndpoint) -> Result<VpcEndpoint, Error> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let texts = |texts: &[String]| texts.iter().cloned().collect();
    let vpc_endpoint_type = match endpoint.vpc_endpoint_type() {
        Some(ec2::VpcEndpointType::Gateway) => VpcEndpointType::Gateway,
        Some(ec2::VpcEndpointType::Interface) => VpcEndpointType::Interface,
        other => {
            let other = other.map_or("none", |other| other.as_str());
            let message = format!("it has the type `{other}`: delete it, then run again");
            return Err(Error::other(id, "ec2:DescribeVpcEndpoints", message));
        }
    };
    Ok(VpcEndpoint {
        vpc_id: text(endpoint.vpc_id()),
        service_name: text(endpoint.service_name()),
        vpc_endpoint_type,
        route_table_ids: texts(endpoint.route_table_ids()),
        subnet_ids: texts(endpoint.subnet_ids()),
        security_group_ids: groups(endpoint),
        // Names are a matter of interface endpoints alone.
        private_dns_enabled: vpc_endpoint_type == VpcEndpointType::Interface
            && endpoint.private_dns_enabled().unwrap_or_default(),
    })
}

fn groups(endpoint: &ec2::VpcEndpoint) -> BTreeSet<String> {
    endpoint.groups().iter().filter_map(|group| group.group_id()).map(str::to_owned).collect()
}

/// AWS writes states with a small and with a capital letter.
fn is_in_state(endpoint: &ec2::VpcEndpoint, word: &str) -> bool {
    endpoint.state().is_some_and(|state| state.as_str().eq_ignore_ascii_case(word))
}

fn is_leaving(endpoint: &ec2::VpcEndpoint) -> bool {
    is_in_state(endpoint, "deleting") || is_in_state(endpoint, "deleted")
}

fn readiness(endpoint: &ec2::VpcEndpoint) -> Readiness {
    let word = endpoint.state().map_or("unknown", |state| state.as_str()).to_lowercase();
    match word.as_str() {
        "available" => Readiness::Ready,
        "failed" | "rejected" | "expired" => {
            let last = endpoint.last_error().and_then(|error| error.message());
            let why = endpoint.failure_reason().or(last).unwrap_or("no further explanation");
            Readiness::Failed(format!("{word}: {why}"))
        }
        _ => Readiness::InProgress(word),
    }
}

fn list(ids: &BTreeSet<String>) -> Option<Vec<String>> {
    Some(ids.iter().cloned().collect())
}

/// What to add and what to take away, so that what is there becomes what is wanted.
fn difference(
    touched: bool,
    there: &BTreeSet<String>,
    wanted: &BTreeSet<String>,
) -> [Option<Vec<String>>; 2] {
    if !touched {
        return [None, None];
    }
    let only = |some: &BTreeSet<String>, other: &BTreeSet<String>| {
        let only: Vec<String> = some.difference(other).cloned().collect();
        (!only.is_empty()).then_some(only)
    };
    [only(wanted, there), only(there, wanted)]
}

async fn modify(
    aws: &Aws,
    wanted: Wanted<'_, VpcEndpoint>,
    endpoint: &str,
    changes: Changes<'_>,
) -> Result<(), Error> {
    let Some(found) = by_id(aws, &wanted.id.to_string(), endpoint).await? else {
        let message = "it is not there any more: run again";
        return Err(Error::other(wanted.id, "ec2:ModifyVpcEndpoint", message));
    };
    let there = body(wanted.id, &found)?;
    let to = wanted.body;
    let tables = difference(changes.touch("routeTableIds"), &there.route_table_ids, &to.route_table_ids);
    let subnets = difference(changes.touch("subnetIds"), &there.subnet_ids, &to.subnet_ids);
    let groups =
        difference(changes.touch("securityGroupIds"), &there.security_group_ids, &to.security_group_ids);
    let private_dns = changes.touch("privateDnsEnabled").then_some(to.private_dns_enabled);
    aws.call(Operation::repeatable("ec2", "ModifyVpcEndpoint"), wanted.id, || {
        let [add_tables, remove_tables] = tables.clone();
        let [add_subnets, remove_subnets] = subnets.clone();
        let [add_groups, remove_groups] = groups.clone();
        aws.ec2
            .modify_vpc_endpoint()
            .vpc_endpoint_id(endpoint)
            .set_add_route_table_ids(add_tables)
            .set_remove_route_table_ids(remove_tables)
            .set_add_subnet_ids(add_subnets)
            .set_remove_subnet_ids(remove_subnets)
            .set_add_security_group_ids(add_groups)
            .set_remove_security_group_ids(remove_groups)
            .set_private_dns_enabled(private_dns)
            .send()
    })
    .await
    .map(drop)
}

fn refused(endpoint: &str, item: &UnsuccessfulItem) -> Error {
    let code = item.error().and_then(|error| error.code()).unwrap_or("Unknown");
    let message = item.error().and_then(|error| error.message()).unwrap_or("no further explanation");
    let mut error = Error::other(endpoint, "ec2:DeleteVpcEndpoints", message);
    error.failure.code = Some(code.to_owned());
    error.class = classify("ec2", code, message, None);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_added_and_taken_away() {
        let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
        let [add, remove] = difference(true, &set(&["a", "b"]), &set(&["b", "c"]));
        assert_eq!((add, remove), (Some(vec!["c".to_owned()]), Some(vec!["a".to_owned()])));
        assert_eq!(difference(false, &set(&["a"]), &set(&["b"])), [None, None]);
    }
}
