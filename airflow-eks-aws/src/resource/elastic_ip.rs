//! An Elastic IP address.

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, ElasticIp, STACK_TAG};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{Address, DomainType, Filter, ResourceType};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;
use crate::wait;

/// How long a NAT gateway that was deleted may hold on to its address.
const RELEASE: Duration = Duration::from_mins(5);

impl Manage for ElasticIp {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let addresses = describe(aws, &wanted.id.to_string(), tags::filters(aws, wanted.id)).await?;
        let Some(address) = tags::only_one(wanted.id, &addresses)? else { return Ok(None) };
        let id = address.allocation_id().unwrap_or_default();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self { domain: address.domain().map_or("", DomainType::as_str).to_owned() },
            tags: tags::read(address.tags()),
            attributes: BTreeMap::from([
                (Attribute::AllocationId, id.to_owned()),
                (Attribute::PublicIp, address.public_ip().unwrap_or_default().to_owned()),
            ]),
            readiness: Readiness::Ready,
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        aws.call(Operation::once("ec2", "AllocateAddress"), wanted.id, || {
            aws.ec2
                .allocate_address()
                .domain(wanted.body.domain.as_str().into())
                .tag_specifications(tags::on_creation(ResourceType::ElasticIp, wanted.tags))
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

    /// AWS refuses to release an address that is in use as if the caller had no right to, so this waits until it is free.
    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let free = wait::until(RELEASE, || async {
            Ok::<_, Error>((!is_in_use(aws, physical_id).await?).then_some(()))
        });
        if free.await?.is_none() {
            let message = "it is still in use: take it from what uses it, then run again";
            return Err(Error::other(physical_id, "ec2:ReleaseAddress", message));
        }
        gone(
            aws.call(Operation::delete("ec2", "ReleaseAddress"), physical_id, || {
                aws.ec2.release_address().allocation_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let filter = tags::filter(&format!("tag:{STACK_TAG}"), &aws.stack);
        let addresses = describe(aws, &AwsKind::ElasticIp.to_string(), vec![filter]).await?;
        Ok(addresses
            .iter()
            .filter_map(|address| {
                let id = aws.marked(&tags::read(address.tags()))?;
                Some((id, address.allocation_id()?.to_owned()))
            })
            .collect())
    }
}

/// The answer has no pages.
async fn describe(aws: &Aws, resource: &str, filters: Vec<Filter>) -> Result<Vec<Address>, Error> {
    let request = || aws.ec2.describe_addresses().set_filters(Some(filters.clone()));
    let answer = aws.call(Operation::read("ec2", "DescribeAddresses"), resource, || request().send()).await?;
    Ok(answer.addresses.unwrap_or_default())
}

async fn is_in_use(aws: &Aws, allocation: &str) -> Result<bool, Error> {
    let addresses = describe(aws, allocation, vec![tags::filter("allocation-id", allocation)]).await?;
    Ok(addresses.iter().any(|address| address.association_id().is_some()))
}
