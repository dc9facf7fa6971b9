//! Tags of EC2: most of its resources are known by them alone.

use std::collections::BTreeSet;

use airflow_eks_core::aws_resources::{AwsKind, RESOURCE_TAG, STACK_TAG, Tags};
use airflow_eks_core::graph::AwsId;
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagDescription, TagSpecification};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::resource::Changes;

/// Finds one resource of the stack.
pub(crate) fn filters(aws: &Aws, id: &AwsId) -> Vec<Filter> {
    vec![filter(&format!("tag:{STACK_TAG}"), &aws.stack), filter(&format!("tag:{RESOURCE_TAG}"), &id.tag())]
}

/// A filter of a `Describe` call.
pub(crate) fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// The one that was found. Two of them are never guessed between.
pub(crate) fn only_one<'a, T>(id: &AwsId, found: &'a [T]) -> Result<Option<&'a T>, Error> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => Err(Error::other(
            id,
            "ec2:Describe",
            format!(
                "there are {} with the tag `{RESOURCE_TAG}` = `{}`: delete all but one",
                several.len(),
                id.tag()
            ),
        )),
    }
}

/// Tags for the call that makes a resource.
pub(crate) fn on_creation(kind: ResourceType, tags: &Tags) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(Some(write(tags))).build()
}

/// Tags as EC2 has them.
pub(crate) fn write(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Tags as we have them.
pub(crate) fn read(tags: &[Tag]) -> Tags {
    let pair = |tag: &Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    tags.iter().filter_map(pair).collect()
}

/// Writes the wanted tags, where they change.
pub(crate) async fn update(
    aws: &Aws,
    id: &AwsId,
    tags: &Tags,
    physical_id: &str,
    changes: Changes<'_>,
) -> Result<(), Error> {
    if changes.touch("tags") {
        let operation = Operation::repeatable("ec2", "CreateTags");
        aws.call(operation, id, || {
            aws.ec2.create_tags().resources(physical_id).set_tags(Some(write(tags))).send()
        })
        .await?;
    }
    Ok(())
}

/// Every EC2 resource of a type that carries the marks of the stack.
pub(crate) async fn owned(
    aws: &Aws,
    kind: AwsKind,
    resource_type: &ResourceType,
) -> Result<Vec<(AwsId, String)>, Error> {
    let value = format!("{}/*", kind.word());
    let marked = carriers(aws, kind, resource_type, RESOURCE_TAG, &value).await?;
    let ours = carriers(aws, kind, resource_type, STACK_TAG, &aws.stack).await?;
    let ours: BTreeSet<String> = ours.into_iter().filter_map(|tag| tag.resource_id).collect();
    let owned = marked.into_iter().filter_map(|tag| {
        let physical_id = tag.resource_id.filter(|id| ours.contains(id))?;
        Some((AwsId::from_tag(&tag.value?)?, physical_id))
    });
    Ok(owned.collect())
}

/// A tag, with what carries it, of every resource of a type.
async fn carriers(
    aws: &Aws,
    kind: AwsKind,
    resource_type: &ResourceType,
    key: &str,
    value: &str,
) -> Result<Vec<TagDescription>, Error> {
    let filters =
        vec![filter("resource-type", resource_type.as_str()), filter("key", key), filter("value", value)];
    let operation = Operation::read("ec2", "DescribeTags");
    let send =
        |token| aws.ec2.describe_tags().set_filters(Some(filters.clone())).set_next_token(token).send();
    aws.every_page(operation, kind, send, |page| (page.tags, page.next_token)).await
}
