//! A CloudWatch Logs group.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, LogGroup, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::made;
use crate::pages::pages;

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

    /// Groups are many in some accounts, and each is asked for its tags: only those with the stack's name in theirs.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let groups = pages(|token| async move {
            let answer = aws
                .call(Operation::read("logs", "DescribeLogGroups"), AwsKind::LogGroup, || {
                    let describe = aws.logs.describe_log_groups().log_group_name_pattern(&aws.stack);
                    describe.set_next_token(token.clone()).send()
                })
                .await?;
            Ok((answer.log_groups.unwrap_or_default(), answer.next_token))
        })
        .await?;
        let mut owned = Vec::new();
        for group in groups {
            let (Some(name), Some(arn)) = (group.log_group_name, group.arn) else { continue };
            if !name.contains(&aws.stack) {
                continue;
            }
            let tags = found(tags(aws, AwsKind::LogGroup, plain(&arn)).await)?.unwrap_or_default();
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::LogGroup).map(|id| (id, name)));
        }
        Ok(owned)
    }
}

/// The ARN of a group and how long it keeps logs. There is no call for one group.
async fn find(aws: &Aws, id: &AwsId, name: &str) -> Result<Option<(String, i32)>, Error> {
    let groups = pages(|token| async move {
        let answer = aws
            .call(Operation::read("logs", "DescribeLogGroups"), id, || {
                let describe = aws.logs.describe_log_groups().log_group_name_prefix(name);
                describe.set_next_token(token.clone()).send()
            })
            .await?;
        Ok((answer.log_groups.unwrap_or_default(), answer.next_token))
    })
    .await?;
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
