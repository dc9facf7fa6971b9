//! An EC2 launch template.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, LaunchTemplate, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_ec2::types::{
    self as ec2, Filter, LaunchTemplateBlockDeviceMappingRequest, LaunchTemplateEbsBlockDeviceRequest,
    LaunchTemplateInstanceMetadataOptionsRequest, LaunchTemplateTagSpecificationRequest,
    LaunchTemplatesMonitoringRequest, RequestLaunchTemplateData, ResourceType, ResponseLaunchTemplateData,
};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, gone};
use crate::tags::ec2 as tags;

/// The fields that a version of a template holds.
const DATA: &[&str] = &[
    "deviceName",
    "volumeSize",
    "volumeType",
    "encrypted",
    "httpTokens",
    "httpPutResponseHopLimit",
    "monitoring",
    "securityGroupIds",
    "keyName",
    "tagSpecifications",
];

/// What is compared is the default version: a newer one that was not made the default is not in use, or is the trace of an
/// update that was cut short.
impl Manage for LaunchTemplate {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let mut templates = describe(aws, wanted.id, tags::filters(aws, wanted.id)).await?;
        let name = &wanted.body.launch_template_name;
        if templates.is_empty() && is_known(name) {
            templates = describe(aws, wanted.id, vec![tags::filter("launch-template-name", name)]).await?;
        }
        let Some(template) = tags::only_one(wanted.id, &templates)? else { return Ok(None) };
        let id = template.launch_template_id().unwrap_or_default();
        let version = template.default_version_number().unwrap_or_default().to_string();
        let data = data_of(aws, wanted.id, id, &version).await?;
        let tags = tags::read(template.tags());
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: read(template.launch_template_name().unwrap_or_default(), &data),
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned()), (Attribute::LatestVersion, version)]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        aws.call(Operation::once("ec2", "CreateLaunchTemplate"), wanted.id, || {
            aws.ec2
                .create_launch_template()
                .launch_template_name(&wanted.body.launch_template_name)
                .launch_template_data(write(wanted.body))
                .tag_specifications(tags::on_creation(ResourceType::LaunchTemplate, wanted.tags))
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
        if changes.touch_any(DATA) {
            new_version(aws, wanted, physical_id).await?;
        }
        tags::update(aws, wanted.id, wanted.tags, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("ec2", "DeleteLaunchTemplate"), physical_id, || {
                aws.ec2.delete_launch_template().launch_template_id(physical_id).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        tags::owned(aws, AwsKind::LaunchTemplate, &ResourceType::LaunchTemplate).await
    }
}

async fn describe(aws: &Aws, id: &AwsId, filters: Vec<Filter>) -> Result<Vec<ec2::LaunchTemplate>, Error> {
    let operation = Operation::read("ec2", "DescribeLaunchTemplates");
    let send = |token| {
        aws.ec2.describe_launch_templates().set_filters(Some(filters.clone())).set_next_token(token).send()
    };
    aws.every_page(operation, id, send, |page| (page.launch_templates, page.next_token)).await
}

async fn data_of(
    aws: &Aws,
    id: &AwsId,
    template: &str,
    version: &str,
) -> Result<ResponseLaunchTemplateData, Error> {
    let operation = Operation::read("ec2", "DescribeLaunchTemplateVersions");
    let answer = aws
        .call(operation, id, || {
            aws.ec2.describe_launch_template_versions().launch_template_id(template).versions(version).send()
        })
        .await?;
    let data = answer.launch_template_versions().first().and_then(|version| version.launch_template_data());
    data.cloned().ok_or_else(|| {
        let message = format!("version {version} has no data");
        Error::other(id, "ec2:DescribeLaunchTemplateVersions", message)
    })
}

fn read(name: &str, data: &ResponseLaunchTemplateData) -> LaunchTemplate {
    let device = data.block_device_mappings().first();
    let disk = device.and_then(|device| device.ebs());
    let metadata = data.metadata_options();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let by_type = data.tag_specifications().iter();
    LaunchTemplate {
        launch_template_name: name.to_owned(),
        device_name: text(device.and_then(|device| device.device_name())),
        volume_size: disk.and_then(ec2::LaunchTemplateEbsBlockDevice::volume_size).unwrap_or_default(),
        volume_type: text(disk.and_then(|disk| disk.volume_type()).map(ec2::VolumeType::as_str)),
        encrypted: disk.and_then(ec2::LaunchTemplateEbsBlockDevice::encrypted).unwrap_or_default(),
        http_tokens: text(
            metadata.and_then(|m| m.http_tokens()).map(ec2::LaunchTemplateHttpTokensState::as_str),
        ),
        http_put_response_hop_limit: metadata
            .and_then(ec2::LaunchTemplateInstanceMetadataOptions::http_put_response_hop_limit)
            .unwrap_or_default(),
        monitoring: data.monitoring().and_then(ec2::LaunchTemplatesMonitoring::enabled).unwrap_or_default(),
        security_group_ids: data.security_group_ids().iter().cloned().collect(),
        key_name: data.key_name().map(str::to_owned),
        tag_specifications: by_type
            .filter_map(|of| Some((of.resource_type()?.as_str().to_owned(), tags::read(of.tags()))))
            .collect(),
    }
}

/// All of it each time: a version that names no source inherits nothing.
fn write(template: &LaunchTemplate) -> RequestLaunchTemplateData {
    let disk = LaunchTemplateEbsBlockDeviceRequest::builder()
        .volume_size(template.volume_size)
        .volume_type(template.volume_type.as_str().into())
        .encrypted(template.encrypted)
        .delete_on_termination(true)
        .build();
    let device =
        LaunchTemplateBlockDeviceMappingRequest::builder().device_name(&template.device_name).ebs(disk);
    let metadata = LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(template.http_tokens.as_str().into())
        .http_put_response_hop_limit(template.http_put_response_hop_limit)
        .build();
    let tags_of = |(kind, tags): (&String, _)| {
        LaunchTemplateTagSpecificationRequest::builder()
            .resource_type(kind.as_str().into())
            .set_tags(Some(tags::write(tags)))
            .build()
    };
    let some = |list: Vec<_>| (!list.is_empty()).then_some(list);
    RequestLaunchTemplateData::builder()
        .block_device_mappings(device.build())
        .metadata_options(metadata)
        .monitoring(LaunchTemplatesMonitoringRequest::builder().enabled(template.monitoring).build())
        .set_security_group_ids(some(template.security_group_ids.iter().cloned().collect()))
        .set_key_name(template.key_name.clone())
        .set_tag_specifications(Some(template.tag_specifications.iter().map(tags_of).collect()))
        .build()
}

async fn new_version(aws: &Aws, wanted: Wanted<'_, LaunchTemplate>, template: &str) -> Result<(), Error> {
    // One token for all attempts, so that they make one version.
    let token = format!("{:032x}", rand::random::<u128>());
    let answer = aws
        .call(Operation::repeatable("ec2", "CreateLaunchTemplateVersion"), wanted.id, || {
            aws.ec2
                .create_launch_template_version()
                .client_token(&token)
                .launch_template_id(template)
                .launch_template_data(write(wanted.body))
                .send()
        })
        .await?;
    let version = answer.launch_template_version().and_then(ec2::LaunchTemplateVersion::version_number);
    let version = version.unwrap_or_default().to_string();
    aws.call(Operation::repeatable("ec2", "ModifyLaunchTemplate"), wanted.id, || {
        aws.ec2.modify_launch_template().launch_template_id(template).default_version(&version).send()
    })
    .await
    .map(drop)
}
