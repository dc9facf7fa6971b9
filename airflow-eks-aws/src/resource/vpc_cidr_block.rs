//! A further address range of a VPC.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{VpcCidrBlock, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{Filter, Vpc, VpcCidrBlockAssociation, VpcCidrBlockStateCode};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;

/// An association has no tags. Those of its VPC tell whose it is.
impl Manage for VpcCidrBlock {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        if !is_known(&wanted.body.vpc_id) {
            return Ok(None);
        }
        let filters = vec![tags::filter("vpc-id", &wanted.body.vpc_id)];
        let vpcs = describe(aws, &wanted.id.to_string(), filters).await?;
        let found = vpcs.first().and_then(|vpc| {
            let mut ranges = vpc.cidr_block_association_set().iter();
            let range = ranges.find(|r| holds(r) && r.cidr_block() == Some(&wanted.body.cidr_block))?;
            Some((vpc, range))
        });
        let Some((vpc, range)) = found else { return Ok(None) };
        let id = range.association_id().unwrap_or_default();
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: wanted.body.clone(),
            tags: wanted.tags.clone(),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness: readiness(range),
            ownership: aws.ownership(&tags::read(vpc.tags())),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        aws.call(Operation::once("ec2", "AssociateVpcCidrBlock"), wanted.id, || {
            aws.ec2
                .associate_vpc_cidr_block()
                .vpc_id(&wanted.body.vpc_id)
                .cidr_block(&wanted.body.cidr_block)
                .send()
        })
        .await
        .map(drop)
    }

    /// Nothing of it can be changed.
    async fn update(
        _aws: &Aws,
        _wanted: Wanted<'_, Self>,
        _physical_id: &str,
        _changes: Changes<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DisassociateVpcCidrBlock"), physical_id, || {
                aws.ec2.disassociate_vpc_cidr_block().association_id(physical_id).send()
            })
            .await,
        )
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let filters = vec![tags::filter("cidr-block-association.association-id", physical_id)];
        let vpcs = describe(aws, physical_id, filters).await?;
        let mut ranges = vpcs.iter().flat_map(Vpc::cidr_block_association_set);
        Ok(!ranges.any(|range| {
            range.association_id() == Some(physical_id)
                && state(range) != Some(&VpcCidrBlockStateCode::Disassociated)
        }))
    }

    /// None: a range has no tags that would tell who added it, and goes with its VPC.
    async fn owned(_aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        Ok(Vec::new())
    }
}

async fn describe(aws: &Aws, resource: &str, filters: Vec<Filter>) -> Result<Vec<Vpc>, Error> {
    let operation = Operation::read("ec2", "DescribeVpcs");
    let send =
        |token| aws.ec2.describe_vpcs().set_filters(Some(filters.clone())).set_next_token(token).send();
    aws.every_page(operation, resource, send, |page| (page.vpcs, page.next_token)).await
}

fn state(range: &VpcCidrBlockAssociation) -> Option<&VpcCidrBlockStateCode> {
    range.cidr_block_state().and_then(|state| state.state())
}

/// Whether it still counts: AWS goes on listing ranges that were taken away.
fn holds(range: &VpcCidrBlockAssociation) -> bool {
    use VpcCidrBlockStateCode::{Disassociated, Disassociating};
    !matches!(state(range), Some(Disassociated | Disassociating))
}

fn readiness(range: &VpcCidrBlockAssociation) -> Readiness {
    use VpcCidrBlockStateCode::{Associated, Failed, Failing};
    match state(range) {
        Some(Associated) => Readiness::Ready,
        Some(Failed | Failing) => {
            let why = range.cidr_block_state().and_then(|state| state.status_message());
            Readiness::Failed(why.unwrap_or("the range could not be added").to_owned())
        }
        state => Readiness::InProgress(state.map_or("unknown", VpcCidrBlockStateCode::as_str).to_owned()),
    }
}
