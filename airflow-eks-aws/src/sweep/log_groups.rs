//! Log groups that agents and the control plane make when there is something to write.

use airflow_eks_core::aws_resources::Tags;

use super::{Leftover, LeftoverKind, Search};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};

impl Search<'_> {
    pub(super) async fn log_groups(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let mut leftovers = Vec::new();
        // The slash at the end keeps clusters apart whose names begin alike.
        for prefix in
            [format!("/aws/containerinsights/{}/", self.cluster), format!("/aws/eks/{}/", self.cluster)]
        {
            let operation = Operation::read("logs", "DescribeLogGroups");
            let send = |token| {
                aws.logs.describe_log_groups().log_group_name_prefix(&prefix).set_next_token(token).send()
            };
            for group in
                aws.every_page(operation, &subject, send, |page| (page.log_groups, page.next_token)).await?
            {
                let Some(name) = group.log_group_name() else { continue };
                let arn = group.log_group_arn().or(group.arn()).unwrap_or_default();
                let tags = tags(aws, name, arn.trim_end_matches(":*")).await?;
                let leftover = self.leftover(LeftoverKind::LogGroup, Some(name), &tags, String::new());
                leftovers.extend(leftover.map(|one| Leftover { reason: format!("name {prefix}…"), ..one }));
            }
        }
        Ok(leftovers)
    }
}

/// One that has gone meanwhile has none.
async fn tags(aws: &Aws, name: &str, arn: &str) -> Result<Tags, Error> {
    let operation = Operation::read("logs", "ListTagsForResource");
    let request = || aws.logs.list_tags_for_resource().resource_arn(arn);
    let answer = found(aws.call(operation, name, || request().send()).await)?;
    Ok(answer.and_then(|answer| answer.tags).into_iter().flatten().collect())
}

pub(super) async fn delete(aws: &Aws, name: &str) -> Result<(), Error> {
    let operation = Operation::delete("logs", "DeleteLogGroup");
    gone(aws.call(operation, name, || aws.logs.delete_log_group().log_group_name(name).send()).await)
}
