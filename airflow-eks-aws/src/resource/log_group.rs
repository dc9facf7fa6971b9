//! A CloudWatch Logs group.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, LogGroup, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_cloudwatchlogs::types as sdk;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error, found, gone};
use crate::made::made;

impl Manage for LogGroup {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.log_group_name.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let Some((arn, retention)) = find(aws, wanted.id, name).await? else { return Ok(None) };
        let Some(tags) = found(tags(aws, wanted.id, &arn).await)? else { return Ok(None) };
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: Self { log_group_name: name.to_owned(), retention_in_days: retention },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn)]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let answer = aws
            .call(Operation::repeatable("logs", "CreateLogGroup"), wanted.id, || {
                let create = aws.logs.create_log_group().log_group_name(&wanted.body.log_group_name);
                create.set_tags(Some(wanted.tags.clone().into_iter().collect())).send()
            })
            .await;
        made(aws, wanted, answer).await?;
        // A new group keeps logs for ever.
        if wanted.body.retention_in_days > 0 { set_retention(aws, wanted).await } else { Ok(()) }
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        _physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("retentionInDays") {
            set_retention(aws, wanted).await?;
        }
        if changes.touch("tags")
            && let Some((arn, _)) = find(aws, wanted.id, &wanted.body.log_group_name).await?
        {
            aws.call(Operation::repeatable("logs", "TagResource"), wanted.id, || {
                let tag = aws.logs.tag_resource().resource_arn(&arn);
                tag.set_tags(Some(wanted.tags.clone().into_iter().collect())).send()
            })
            .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, name: &str) -> Result<(), Error> {
        gone(
            aws.call(Operation::delete("logs", "DeleteLogGroup"), name, || {
                aws.logs.delete_log_group().log_group_name(name).send()
            })
            .await,
        )
    }

    /// Groups are many in some accounts, and each is asked for its tags: only those are that have a name such as ours have.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let mut groups = BTreeMap::new();
        for search in
            [Search::Pattern(&aws.stack), Search::Prefix(CONTROL_PLANE), Search::Pattern(CONTAINERS)]
        {
            let found = list(aws, search).await?;
            groups.extend(found.into_iter().filter_map(|group| Some((group.log_group_name?, group.arn?))));
        }
        let mut owned = Vec::new();
        for (name, arn) in groups.into_iter().filter(|(name, _)| may_be_ours(name, &aws.stack)) {
            let tags = match found(tags(aws, AwsKind::LogGroup, plain(&arn)).await) {
                // That of another team's cluster.
                Err(error) if error.class == Class::Denied && !name.contains(&aws.stack) => {
                    tracing::warn!(group = name, "not looked into: {}", error.failure);
                    continue;
                }
                tags => tags?.unwrap_or_default(),
            };
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::LogGroup).map(|id| (id, name)));
        }
        Ok(owned)
    }
}

/// How the names of groups of control planes begin; the cluster's follows, which is not always the stack's.
const CONTROL_PLANE: &str = "/aws/eks/";
/// How the names of groups of containers end, after the cluster's.
const CONTAINERS: &str = "/aws-fluentbit-logs";

/// What to look for in names: AWS takes one of both.
/// See <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>.
#[derive(Debug, Clone, Copy)]
enum Search<'a> {
    Prefix(&'a str),
    Pattern(&'a str),
}

async fn list(aws: &Aws, search: Search<'_>) -> Result<Vec<sdk::LogGroup>, Error> {
    let operation = Operation::read("logs", "DescribeLogGroups");
    let send = |token| {
        let describe = aws.logs.describe_log_groups().set_next_token(token);
        match search {
            Search::Prefix(prefix) => describe.log_group_name_prefix(prefix),
            Search::Pattern(pattern) => describe.log_group_name_pattern(pattern),
        }
        .send()
    };
    aws.every_page(operation, AwsKind::LogGroup, send, |page| (page.log_groups, page.next_token)).await
}

/// Whether a name is like those of ours: of the stack, or of whatever cluster it is in.
fn may_be_ours(name: &str, stack: &str) -> bool {
    name.contains(stack) || name.starts_with(CONTROL_PLANE) || name.ends_with(CONTAINERS)
}

/// The ARN of a group and how long it keeps logs. There is no call for one group.
async fn find(aws: &Aws, id: &AwsId, name: &str) -> Result<Option<(String, i32)>, Error> {
    let operation = Operation::read("logs", "DescribeLogGroups");
    let send =
        |token| aws.logs.describe_log_groups().log_group_name_prefix(name).set_next_token(token).send();
    let groups = aws.every_page(operation, id, send, |page| (page.log_groups, page.next_token)).await?;
    let group = groups.into_iter().find(|group| group.log_group_name() == Some(name));
    Ok(group.and_then(|group| Some((plain(group.arn()?).to_owned(), group.retention_in_days.unwrap_or(0)))))
}

/// Older answers have the ARN of everything in the group.
/// See <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html>.
fn plain(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}

async fn tags(aws: &Aws, resource: impl ToString, arn: &str) -> Result<Tags, Error> {
    let operation = Operation::read("logs", "ListTagsForResource");
    let answer = aws
        .call(operation, resource.to_string(), || aws.logs.list_tags_for_resource().resource_arn(arn).send())
        .await?;
    Ok(answer.tags.unwrap_or_default().into_iter().collect())
}

async fn set_retention(aws: &Aws, wanted: Wanted<'_, LogGroup>) -> Result<(), Error> {
    let LogGroup { log_group_name, retention_in_days } = wanted.body;
    if *retention_in_days > 0 {
        aws.call(Operation::repeatable("logs", "PutRetentionPolicy"), wanted.id, || {
            let put = aws.logs.put_retention_policy().log_group_name(log_group_name);
            put.retention_in_days(*retention_in_days).send()
        })
        .await?;
    } else {
        aws.call(Operation::repeatable("logs", "DeleteRetentionPolicy"), wanted.id, || {
            aws.logs.delete_retention_policy().log_group_name(log_group_name).send()
        })
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_a_cluster_with_another_name_may_be_ours() {
        for name in [
            "/platform/aws-fluentbit-logs",
            "/aws/eks/platform/cluster",
            "/aws/rds/instance/demo-database/upgrade",
        ] {
            assert!(may_be_ours(name, "demo"), "{name}");
        }
        assert!(!may_be_ours("/aws/lambda/platform", "demo"));
    }
}
