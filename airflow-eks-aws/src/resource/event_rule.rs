//! An EventBridge rule with its targets, on the default bus.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, EventRule, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eventbridge::operation::describe_rule::DescribeRuleOutput;
use aws_sdk_eventbridge::types::{RuleState, Tag, Target};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::built;
use crate::policy;

impl Manage for EventRule {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = &wanted.body.name;
        if !is_known(name) {
            return Ok(None);
        }
        let Some(rule) = describe(aws, wanted.id, name).await? else { return Ok(None) };
        let arn = rule.arn().unwrap_or_default().to_owned();
        let (targets, tags) = tokio::try_join!(targets(aws, name), tags(aws, wanted.id, &arn))?;
        let pattern = rule.event_pattern().unwrap_or("null");
        let body = Self {
            name: name.clone(),
            description: rule.description().unwrap_or_default().to_owned(),
            event_pattern: policy::read_event_pattern(&wanted.body.event_pattern, pattern),
            targets,
        };
        let readiness = match rule.state() {
            Some(RuleState::Disabled) => {
                Readiness::Failed(format!("somebody has disabled the rule `{name}`: enable it"))
            }
            _ => Readiness::Ready,
        };
        Ok(Some(Found {
            physical_id: name.clone(),
            body,
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn)]),
            readiness,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        put_rule(aws, wanted, Some(write(wanted)?)).await?;
        put_targets(aws, wanted).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        name: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch_any(&["description", "eventPattern"]) {
            put_rule(aws, wanted, None).await?;
        }
        if changes.touch("targets") {
            put_targets(aws, wanted).await?;
            let unwanted = targets(aws, name).await?.into_keys();
            let unwanted = unwanted.filter(|target| !wanted.body.targets.contains_key(target)).collect();
            remove_targets(aws, name, unwanted).await?;
        }
        if changes.touch("tags")
            && let Some(arn) = describe(aws, wanted.id, name).await?.and_then(|rule| rule.arn)
        {
            let tags = write(wanted)?;
            aws.call(Operation::repeatable("events", "TagResource"), wanted.id, || {
                aws.events.tag_resource().resource_arn(&arn).set_tags(Some(tags.clone())).send()
            })
            .await?;
        }
        Ok(())
    }

    /// A rule goes only after its targets.
    /// See <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html>.
    async fn delete(aws: &Aws, name: &str) -> Result<(), Error> {
        let targets = found(targets(aws, name).await)?.unwrap_or_default();
        gone(remove_targets(aws, name, targets.into_keys().collect()).await)?;
        let operation = Operation::delete("events", "DeleteRule");
        gone(aws.call(operation, name, || aws.events.delete_rule().name(name).send()).await)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let operation = Operation::read("events", "ListRules");
        let send = |token| aws.events.list_rules().set_next_token(token).send();
        let rules =
            aws.every_page(operation, AwsKind::EventRule, send, |page| (page.rules, page.next_token)).await?;
        let mut owned = Vec::new();
        for rule in rules {
            let (Some(name), Some(arn)) = (rule.name, rule.arn) else { continue };
            if !name.contains(&aws.stack) {
                continue;
            }
            // One that was deleted in the meantime is none.
            let tags = found(tags(aws, AwsKind::EventRule, &arn).await)?.unwrap_or_default();
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::EventRule).map(|id| (id, name)));
        }
        Ok(owned)
    }
}

async fn describe(
    aws: &Aws,
    resource: impl ToString,
    name: &str,
) -> Result<Option<DescribeRuleOutput>, Error> {
    let operation = Operation::read("events", "DescribeRule");
    let resource = resource.to_string();
    found(aws.call(operation, resource, || aws.events.describe_rule().name(name).send()).await)
}

async fn targets(aws: &Aws, rule: &str) -> Result<BTreeMap<String, String>, Error> {
    let operation = Operation::read("events", "ListTargetsByRule");
    let send = |token| aws.events.list_targets_by_rule().rule(rule).set_next_token(token).send();
    let targets = aws.every_page(operation, rule, send, |page| (page.targets, page.next_token)).await?;
    Ok(targets.into_iter().map(|target| (target.id, target.arn)).collect())
}

async fn tags(aws: &Aws, resource: impl ToString, arn: &str) -> Result<Tags, Error> {
    let operation = Operation::read("events", "ListTagsForResource");
    let answer = aws
        .call(operation, resource.to_string(), || {
            aws.events.list_tags_for_resource().resource_arn(arn).send()
        })
        .await?;
    Ok(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn write(wanted: Wanted<'_, EventRule>) -> Result<Vec<Tag>, Error> {
    let tag = |(key, value)| built(wanted.id, Tag::builder().key(key).value(value).build());
    wanted.tags.iter().map(tag).collect()
}

/// Makes the rule, or makes it anew: what is left out is taken away. Tags count only when it is made.
/// See <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>.
async fn put_rule(aws: &Aws, wanted: Wanted<'_, EventRule>, tags: Option<Vec<Tag>>) -> Result<(), Error> {
    let EventRule { name, description, event_pattern, .. } = wanted.body;
    let pattern = event_pattern.to_string();
    aws.call(Operation::repeatable("events", "PutRule"), wanted.id, || {
        let put = aws.events.put_rule().name(name).description(description).event_pattern(&pattern);
        put.state(RuleState::Enabled).set_tags(tags.clone()).send()
    })
    .await?;
    Ok(())
}

/// Targets are taken or refused one by one, in an answer that is no error.
async fn put_targets(aws: &Aws, wanted: Wanted<'_, EventRule>) -> Result<(), Error> {
    let EventRule { name, targets, .. } = wanted.body;
    let target = |(id, arn)| built(wanted.id, Target::builder().id(id).arn(arn).build());
    let targets = targets.iter().map(target).collect::<Result<Vec<Target>, Error>>()?;
    if targets.is_empty() {
        return Ok(());
    }
    let answer = aws
        .call(Operation::repeatable("events", "PutTargets"), wanted.id, || {
            aws.events.put_targets().rule(name).set_targets(Some(targets.clone())).send()
        })
        .await?;
    match answer.failed_entries().first() {
        None => Ok(()),
        Some(refused) => {
            let id = refused.target_id().unwrap_or_default();
            let why = refused.error_message().unwrap_or("no further explanation");
            let message = format!("the target `{id}` was refused: {why}");
            let mut error = Error::other(wanted.id, "events:PutTargets", message);
            error.failure.code = refused.error_code().map(str::to_owned);
            Err(error)
        }
    }
}

async fn remove_targets(aws: &Aws, rule: &str, targets: Vec<String>) -> Result<(), Error> {
    if targets.is_empty() {
        return Ok(());
    }
    let answer = aws
        .call(Operation::delete("events", "RemoveTargets"), rule, || {
            aws.events.remove_targets().rule(rule).set_ids(Some(targets.clone())).send()
        })
        .await?;
    match answer.failed_entries().first() {
        None => Ok(()),
        Some(kept) => {
            let why = kept.error_message().unwrap_or("no further explanation");
            let message =
                format!("the target `{}` was not removed: {why}", kept.target_id().unwrap_or_default());
            Err(Error::other(rule, "events:RemoveTargets", message))
        }
    }
}
