//! Tags of RDS.

use airflow_eks_core::aws_resources::{AwsKind, Tags};
use airflow_eks_core::graph::AwsId;
use aws_sdk_rds::types::Tag;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found};

/// Tags as RDS has them.
pub(crate) fn write(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Tags as we have them.
pub(crate) fn read(tags: &[Tag]) -> Tags {
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    tags.iter().filter_map(pair).collect()
}

/// The tags of something whose description does not show them; nothing where it is gone.
pub(crate) async fn of(aws: &Aws, resource: impl ToString + Send, arn: &str) -> Result<Option<Tags>, Error> {
    let send = || aws.rds.list_tags_for_resource().resource_name(arn).send();
    let answer = found(aws.call(Operation::read("rds", "ListTagsForResource"), resource, send).await)?;
    Ok(answer.map(|answer| read(answer.tag_list())))
}

/// What carries the marks of the stack among things of a kind whose descriptions do not show tags, each told by its ARN
/// and its name.
pub(crate) async fn owned(
    aws: &Aws,
    kind: AwsKind,
    all: Vec<(Option<String>, Option<String>)>,
) -> Result<Vec<(AwsId, String)>, Error> {
    let mut owned = Vec::new();
    for (arn, name) in all {
        let tags = of(aws, kind, &arn.unwrap_or_default()).await?;
        let id = tags.and_then(|tags| aws.marked(&tags)).filter(|id| id.kind == kind);
        owned.extend(id.zip(name));
    }
    Ok(owned)
}

/// Writes the wanted tags. Those that others added stay.
pub(crate) async fn put(aws: &Aws, id: &AwsId, tags: &Tags, arn: &str) -> Result<(), Error> {
    aws.call(Operation::repeatable("rds", "AddTagsToResource"), id, || {
        aws.rds.add_tags_to_resource().resource_name(arn).set_tags(Some(write(tags))).send()
    })
    .await?;
    Ok(())
}
