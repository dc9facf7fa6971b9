//! Tags of EFS.

use airflow_eks_core::aws_resources::Tags;
use airflow_eks_core::graph::AwsId;
use aws_sdk_efs::types::Tag;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;

/// Tags as EFS has them.
pub(crate) fn write(id: &AwsId, tags: &Tags) -> Result<Vec<Tag>, Error> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = tags.iter().map(tag).collect();
    tags.map_err(|error| Error::other(id, "elasticfilesystem:TagResource", error.to_string()))
}

/// Tags as we have them.
pub(crate) fn read(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}

/// Writes the wanted tags. Those that others added stay.
pub(crate) async fn put(aws: &Aws, id: &AwsId, tags: &Tags, file_system: &str) -> Result<(), Error> {
    let tags = write(id, tags)?;
    aws.call(Operation::repeatable("elasticfilesystem", "TagResource"), id, || {
        aws.efs.tag_resource().resource_id(file_system).set_tags(Some(tags.clone())).send()
    })
    .await?;
    Ok(())
}
