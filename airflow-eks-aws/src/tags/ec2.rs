//! Tags of EC2: most of its resources are known by them alone.

use airflow_eks_core::aws_resources::{AwsKind, RESOURCE_TAG, STACK_TAG, Tags};
use airflow_eks_core::graph::AwsId;
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};

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
    let mut owned = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let answer = aws
            .call(Operation::read("ec2", "DescribeTags"), kind, || {
                aws.ec2
                    .describe_tags()
                    .filters(filter("resource-type", resource_type.as_str()))
                    .filters(filter("key", RESOURCE_TAG))
                    .filters(filter("value", &format!("{}/*", kind.word())))
                    .set_next_token(next.clone())
                    .send()
            })
            .await?;
        let marked = answer.tags().iter().filter_map(|tag| Some((tag.resource_id()?, tag.value()?)));
        owned.extend(marked.map(|(id, value)| (id.to_owned(), value.to_owned())));
        next = answer.next_token().map(str::to_owned);
        if next.is_none() {
            break;
        }
    }
    let ours = of_this_stack(aws, kind, resource_type).await?;
    owned.retain(|(id, _)| ours.contains(id));
    Ok(owned.into_iter().filter_map(|(id, tag)| Some((AwsId::from_tag(&tag)?, id))).collect())
}

async fn of_this_stack(aws: &Aws, kind: AwsKind, resource_type: &ResourceType) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let answer = aws
            .call(Operation::read("ec2", "DescribeTags"), kind, || {
                aws.ec2
                    .describe_tags()
                    .filters(filter("resource-type", resource_type.as_str()))
                    .filters(filter("key", STACK_TAG))
                    .filters(filter("value", &aws.stack))
                    .set_next_token(next.clone())
                    .send()
            })
            .await?;
        ids.extend(answer.tags().iter().filter_map(|tag| tag.resource_id().map(str::to_owned)));
        next = answer.next_token().map(str::to_owned);
        if next.is_none() {
            return Ok(ids);
        }
    }
}
