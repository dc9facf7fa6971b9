//! An internet gateway, attached to its VPC.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, InternetGateway};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{AttachmentStatus, Filter, InternetGatewayAttachment, ResourceType};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;
use crate::wait::looking_first;

impl Manage for InternetGateway {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let gateways = describe(aws, &wanted.id.to_string(), tags::filters(aws, wanted.id)).await?;
        let Some(gateway) = tags::only_one(wanted.id, &gateways)? else { return Ok(None) };
        let id = gateway.internet_gateway_id().unwrap_or_default();
        let attachment = gateway.attachments().iter().find(|attachment| holds(attachment));
        let readiness = match attachment.and_then(InternetGatewayAttachment::state) {
            Some(AttachmentStatus::Attaching) => Readiness::InProgress("attaching".to_owned()),
            // One that is not attached does not become so by waiting: its field tells.
            _ => Readiness::Ready,
        };
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self { vpc_id: attachment.and_then(|a| a.vpc_id()).unwrap_or_default().to_owned() },
            tags: tags::read(gateway.tags()),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness,
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let answer = aws
            .call(Operation::once("ec2", "CreateInternetGateway"), wanted.id, || {
                aws.ec2
                    .create_internet_gateway()
                    .tag_specifications(tags::on_creation(ResourceType::InternetGateway, wanted.tags))
                    .send()
            })
            .await?;
        let id = answer.internet_gateway().and_then(|gateway| gateway.internet_gateway_id());
        attach(aws, wanted, id.unwrap_or_default()).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("vpcId") {
            attach(aws, wanted, physical_id).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        for vpc in attached_to(aws, physical_id, physical_id).await? {
            detach(aws, physical_id, physical_id, &vpc).await?;
        }
        gone(
            aws.call(Operation::delete("ec2", "DeleteInternetGateway"), physical_id, || {
                aws.ec2.delete_internet_gateway().internet_gateway_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::InternetGateway, &ResourceType::InternetGateway).await
    }
}

async fn describe(
    aws: &Aws,
    resource: &str,
    filters: Vec<Filter>,
) -> Result<Vec<aws_sdk_ec2::types::InternetGateway>, Error> {
    let operation = Operation::read("ec2", "DescribeInternetGateways");
    let send = |token| {
        aws.ec2.describe_internet_gateways().set_filters(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, resource, send, |page| (page.internet_gateways, page.next_token)).await
}

/// Whether it still counts. AWS says `available` of a gateway that is attached.
fn holds(attachment: &InternetGatewayAttachment) -> bool {
    !matches!(attachment.state(), Some(AttachmentStatus::Detached | AttachmentStatus::Detaching))
}

async fn attached_to(aws: &Aws, resource: &str, gateway: &str) -> Result<Vec<String>, Error> {
    let found = describe(aws, resource, vec![tags::filter("internet-gateway-id", gateway)]).await?;
    let attachments = found.iter().flat_map(aws_sdk_ec2::types::InternetGateway::attachments);
    Ok(attachments.filter(|a| holds(a)).filter_map(|a| a.vpc_id()).map(str::to_owned).collect())
}

/// Attaches it to the wanted VPC; first detaches it from another. Attaching twice is refused, so it looks first.
async fn attach(aws: &Aws, wanted: Wanted<'_, InternetGateway>, gateway: &str) -> Result<(), Error> {
    let resource = wanted.id.to_string();
    looking_first(|| async {
        let attached = attached_to(aws, &resource, gateway).await?;
        if attached.contains(&wanted.body.vpc_id) {
            return Ok(());
        }
        for vpc in attached {
            detach(aws, &resource, gateway, &vpc).await?;
        }
        let operation = Operation::once("ec2", "AttachInternetGateway");
        let vpc = &wanted.body.vpc_id;
        aws.call(operation, &resource, || {
            aws.ec2.attach_internet_gateway().internet_gateway_id(gateway).vpc_id(vpc).send()
        })
        .await
        .map(drop)
    })
    .await
}

async fn detach(aws: &Aws, resource: &str, gateway: &str, vpc: &str) -> Result<(), Error> {
    let answer = aws
        .call(Operation::delete("ec2", "DetachInternetGateway"), resource, || {
            aws.ec2.detach_internet_gateway().internet_gateway_id(gateway).vpc_id(vpc).send()
        })
        .await;
    match answer {
        Err(error) if error.failure.code.as_deref() == Some("Gateway.NotAttached") => Ok(()),
        other => gone(other),
    }
}
