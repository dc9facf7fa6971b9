//! Tags of IAM.

use airflow_eks_core::aws_resources::Tags;
use aws_sdk_iam::types::Tag;

/// Tags as IAM has them.
pub(crate) fn write(tags: &Tags) -> Vec<Tag> {
    // Both parts that building asks for are there.
    tags.iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect()
}

/// Tags as we have them.
pub(crate) fn read(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect()
}
