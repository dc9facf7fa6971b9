//! An SQS queue.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, Queue, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_sqs::types::QueueAttributeName;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::{policy, wait};

/// How long SQS takes to spread changed attributes; the time that messages are kept may take longer.
/// See <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>.
const SPREADING: Duration = Duration::from_mins(1);

type Attributes = HashMap<QueueAttributeName, String>;

impl Manage for Queue {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = &wanted.body.queue_name;
        if !is_known(name) {
            return Ok(None);
        }
        let answer = aws
            .call(Operation::read("sqs", "GetQueueUrl"), wanted.id, || {
                aws.sqs.get_queue_url().queue_name(name).send()
            })
            .await;
        let Some(url) = found(answer)?.and_then(|answer| answer.queue_url) else { return Ok(None) };
        let (attributes, tags) = tokio::try_join!(attributes(aws, &url), tags(aws, wanted.id, &url))?;
        let (Some(attributes), Some(tags)) = (attributes, tags) else { return Ok(None) };
        let arn = attributes.get(&QueueAttributeName::QueueArn).cloned().unwrap_or_default();
        Ok(Some(Found {
            physical_id: url.clone(),
            body: body(wanted, &attributes),
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn), (Attribute::Url, url)]),
            readiness: Readiness::Ready,
        }))
    }

    /// The name of a queue is blocked for a minute after it was deleted; asking goes on until it is not.
    /// See <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html>.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let attributes = write(wanted.body);
        aws.call(Operation::repeatable("sqs", "CreateQueue"), wanted.id, || {
            let create = aws.sqs.create_queue().queue_name(&wanted.body.queue_name);
            create
                .set_attributes(Some(attributes.clone()))
                .set_tags(Some(wanted.tags.clone().into_iter().collect()))
                .send()
        })
        .await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        url: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch_any(&["messageRetentionPeriod", "sqsManagedSseEnabled", "policy"]) {
            let changed = write(wanted.body);
            aws.call(Operation::repeatable("sqs", "SetQueueAttributes"), wanted.id, || {
                aws.sqs.set_queue_attributes().queue_url(url).set_attributes(Some(changed.clone())).send()
            })
            .await?;
            // Accepted is enough: where it takes longer than usual, it comes about without us.
            wait::until(SPREADING, || async move {
                let now = attributes(aws, url).await?;
                Ok::<_, Error>(now.filter(|now| body(wanted, now) == *wanted.body))
            })
            .await?;
        }
        if changes.touch("tags") {
            aws.call(Operation::repeatable("sqs", "TagQueue"), wanted.id, || {
                let tag = aws.sqs.tag_queue().queue_url(url);
                tag.set_tags(Some(wanted.tags.clone().into_iter().collect())).send()
            })
            .await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, url: &str) -> Result<(), Error> {
        let operation = Operation::delete("sqs", "DeleteQueue");
        gone(aws.call(operation, url, || aws.sqs.delete_queue().queue_url(url).send()).await)
    }

    async fn is_gone(aws: &Aws, url: &str) -> Result<bool, Error> {
        Ok(attributes(aws, url).await?.is_none())
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let operation = Operation::read("sqs", "ListQueues");
        // Without a size of the page there is only one page.
        let send = |token| aws.sqs.list_queues().max_results(1000).set_next_token(token).send();
        let urls = aws
            .every_page(operation, AwsKind::Queue, send, |page| (page.queue_urls, page.next_token))
            .await?;
        let mut owned = Vec::new();
        for url in urls.into_iter().filter(|url| name_of(url).contains(&aws.stack)) {
            let tags = tags(aws, AwsKind::Queue, &url).await?.unwrap_or_default();
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::Queue).map(|id| (id, url)));
        }
        Ok(owned)
    }
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

async fn attributes(aws: &Aws, url: &str) -> Result<Option<Attributes>, Error> {
    let answer = aws
        .call(Operation::read("sqs", "GetQueueAttributes"), url, || {
            aws.sqs.get_queue_attributes().queue_url(url).attribute_names(QueueAttributeName::All).send()
        })
        .await;
    Ok(found(answer)?.map(|answer| answer.attributes.unwrap_or_default()))
}

async fn tags(aws: &Aws, resource: impl ToString, url: &str) -> Result<Option<Tags>, Error> {
    let operation = Operation::read("sqs", "ListQueueTags");
    let resource = resource.to_string();
    let answer = aws.call(operation, resource, || aws.sqs.list_queue_tags().queue_url(url).send()).await;
    Ok(found(answer)?.map(|answer| answer.tags.unwrap_or_default().into_iter().collect()))
}

fn body(wanted: Wanted<'_, Queue>, attributes: &Attributes) -> Queue {
    let text = |name| attributes.get(&name).map(String::as_str).unwrap_or_default();
    let policy = text(QueueAttributeName::Policy);
    Queue {
        queue_name: wanted.body.queue_name.clone(),
        message_retention_period: text(QueueAttributeName::MessageRetentionPeriod).parse().unwrap_or(0),
        sqs_managed_sse_enabled: text(QueueAttributeName::SqsManagedSseEnabled) == "true",
        policy: if policy.is_empty() {
            serde_json::Value::Null
        } else {
            policy::read(Some(&wanted.body.policy), policy)
        },
    }
}

fn write(queue: &Queue) -> Attributes {
    // No policy is said with an empty text.
    let policy = if queue.policy.is_null() { String::new() } else { queue.policy.to_string() };
    HashMap::from([
        (QueueAttributeName::MessageRetentionPeriod, queue.message_retention_period.to_string()),
        (QueueAttributeName::SqsManagedSseEnabled, queue.sqs_managed_sse_enabled.to_string()),
        (QueueAttributeName::Policy, policy),
    ])
}
