//! Tags of EKS: whatever it has an ARN for carries them.

use std::collections::HashMap;

use airflow_eks_core::aws_resources::Tags;
use airflow_eks_core::graph::AwsId;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;

/// Tags as EKS has them.
pub(crate) fn write(tags: &Tags) -> HashMap<String, String> {
    tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Tags as we have them.
pub(crate) fn read(tags: Option<&HashMap<String, String>>) -> Tags {
    tags.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Writes the wanted tags. Those that others added stay.
pub(crate) async fn put(aws: &Aws, id: &AwsId, tags: &Tags, arn: &str) -> Result<(), Error> {
    aws.call(Operation::repeatable("eks", "TagResource"), id, || {
        aws.eks.tag_resource().resource_arn(arn).set_tags(Some(write(tags))).send()
    })
    .await?;
    Ok(())
}
