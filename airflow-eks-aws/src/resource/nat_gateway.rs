//! A NAT gateway.

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, NatGateway, STACK_TAG};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{Filter, NatGatewayAddress, NatGatewayState, ResourceType};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;
use crate::wait;

/// How long a gateway may take to be deleted.
const DELETION: Duration = Duration::from_mins(20);

impl Manage for NatGateway {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let found = describe(aws, &wanted.id.to_string(), tags::filters(aws, wanted.id)).await?;
        let Some(gateway) = tags::only_one(wanted.id, &that_count(found))?.cloned() else {
            return Ok(None);
        };
        let id = gateway.nat_gateway_id().unwrap_or_default();
        let address = primary(&gateway);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self {
                subnet_id: text(gateway.subnet_id()),
                allocation_id: text(address.and_then(NatGatewayAddress::allocation_id)),
            },
            tags: tags::read(gateway.tags()),
            attributes: BTreeMap::from([
                (Attribute::Id, id.to_owned()),
                (Attribute::PublicIp, text(address.and_then(NatGatewayAddress::public_ip))),
            ]),
            readiness: readiness(&gateway),
            ownership: Ownership::Ours,
        }))
    }

    /// AWS remembers the tokens of gateways that were deleted since, so none is given: the tags tell.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        release(aws, wanted).await?;
        aws.call(Operation::once("ec2", "CreateNatGateway"), wanted.id, || {
            aws.ec2
                .create_nat_gateway()
                .subnet_id(&wanted.body.subnet_id)
                .allocation_id(&wanted.body.allocation_id)
                .tag_specifications(tags::on_creation(ResourceType::Natgateway, wanted.tags))
                .send()
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
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DeleteNatGateway"), physical_id, || {
                aws.ec2.delete_nat_gateway().nat_gateway_id(physical_id).send()
            })
            .await,
        )
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let found = describe(aws, physical_id, vec![tags::filter("nat-gateway-id", physical_id)]).await?;
        Ok(found.iter().all(|gateway| gateway.state() == Some(&NatGatewayState::Deleted)))
    }

    /// Gateways keep their tags for about an hour after they are deleted, so these are asked for by state.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let filters = vec![tags::filter(&format!("tag:{STACK_TAG}"), &aws.stack)];
        let found = describe(aws, &AwsKind::NatGateway.to_string(), filters).await?;
        Ok(found
            .iter()
            .filter(|gateway| gateway.state() != Some(&NatGatewayState::Deleted))
            .filter_map(|gateway| {
                let id = aws.marked(&tags::read(gateway.tags()))?;
                Some((id, gateway.nat_gateway_id()?.to_owned()))
            })
            .collect())
    }
}

async fn describe(
    aws: &Aws,
    resource: &str,
    filters: Vec<Filter>,
) -> Result<Vec<aws_sdk_ec2::types::NatGateway>, Error> {
    let operation = Operation::read("ec2", "DescribeNatGateways");
    let send = |token| {
        aws.ec2.describe_nat_gateways().set_filter(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.nat_gateways, page.next_token)).await
}

/// What is left to take for the gateway: not what is being deleted, and what has failed only where there is nothing else.
fn that_count(found: Vec<aws_sdk_ec2::types::NatGateway>) -> Vec<aws_sdk_ec2::types::NatGateway> {
    let (failed, living): (Vec<_>, Vec<_>) = found
        .into_iter()
        .filter(|gateway| {
            !matches!(gateway.state(), Some(NatGatewayState::Deleted | NatGatewayState::Deleting))
        })
        .partition(|gateway| gateway.state() == Some(&NatGatewayState::Failed));
    if living.is_empty() { failed.into_iter().take(1).collect() } else { living }
}

fn primary(gateway: &aws_sdk_ec2::types::NatGateway) -> Option<&NatGatewayAddress> {
    let addresses = gateway.nat_gateway_addresses();
    addresses.iter().find(|address| address.is_primary() == Some(true)).or(addresses.first())
}

fn readiness(gateway: &aws_sdk_ec2::types::NatGateway) -> Readiness {
    match gateway.state() {
        Some(NatGatewayState::Available) => Readiness::Ready,
        Some(NatGatewayState::Failed) => {
            let code = gateway.failure_code().unwrap_or("no code");
            let message = gateway.failure_message().unwrap_or("no further explanation");
            Readiness::Failed(format!("{code}: {message}"))
        }
        state => Readiness::InProgress(state.map_or("unknown", NatGatewayState::as_str).to_owned()),
    }
}

/// Waits for a gateway that is being deleted: it has the address that the new one is to have.
async fn release(aws: &Aws, wanted: Wanted<'_, NatGateway>) -> Result<(), Error> {
    let resource = wanted.id.to_string();
    let gone = wait::until(DELETION, || async {
        let found = describe(aws, &resource, tags::filters(aws, wanted.id)).await?;
        let leaving = found.iter().any(|gateway| gateway.state() == Some(&NatGatewayState::Deleting));
        Ok::<_, Error>((!leaving).then_some(()))
    });
    match gone.await? {
        Some(()) => Ok(()),
        None => Err(Error::other(
            wanted.id,
            "ec2:CreateNatGateway",
            "an earlier NAT gateway is still being deleted: run again later",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(id: &str, state: NatGatewayState) -> aws_sdk_ec2::types::NatGateway {
        aws_sdk_ec2::types::NatGateway::builder().nat_gateway_id(id).state(state).build()
    }

    fn ids(found: Vec<aws_sdk_ec2::types::NatGateway>) -> Vec<String> {
        that_count(found).iter().filter_map(|gateway| gateway.nat_gateway_id().map(str::to_owned)).collect()
    }

    #[test]
    fn a_gateway_that_was_deleted_or_has_failed_does_not_hide_the_new_one() {
        let old = || vec![gateway("a", NatGatewayState::Deleted), gateway("b", NatGatewayState::Deleting)];
        let failed = || gateway("c", NatGatewayState::Failed);
        let new = || gateway("d", NatGatewayState::Pending);
        assert!(ids(old()).is_empty());
        assert_eq!(ids([old(), vec![failed()]].concat()), ["c"]);
        assert_eq!(ids([old(), vec![failed(), new()]].concat()), ["d"]);
    }
}
