//! A KMS key.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, KmsKey, Tags, is_known};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_kms::types::{KeyMetadata, KeyState, Tag};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error, found, gone};
use crate::made::{built, shut_out};
use crate::policy;

/// The shortest time that KMS keeps a key that is to be deleted.
/// See <https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html>.
const DAYS_TO_DELETION: i32 = 7;

impl Manage for KmsKey {
    /// By its alias, and where there is none by its tags: a run that was killed between making the key and its alias has
    /// left one without.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        if !is_known(&wanted.body.alias_name) {
            return Ok(None);
        }
        let Some((key, tags)) = find(aws, wanted).await? else { return Ok(None) };
        let (id, arn) = (key.key_id().to_owned(), key.arn().unwrap_or_default().to_owned());
        let (aliases, rotation, policy) =
            tokio::try_join!(aliases(aws, &id), rotation(aws, wanted.id, &id), key_policy(aws, wanted, &id))?;
        let alias = aliases.iter().find(|alias| **alias == wanted.body.alias_name);
        let body = Self {
            alias_name: alias.or(aliases.first()).cloned().unwrap_or_default(),
            description: key.description().unwrap_or_default().to_owned(),
            enable_key_rotation: rotation,
            policy,
        };
        Ok(Some(Found {
            body,
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Id, id.clone()), (Attribute::Arn, arn)]),
            physical_id: id,
            readiness: readiness(&key),
        }))
    }

    /// KMS takes no token of the client: asked twice, it makes two keys. So this looks first.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let key = match find(aws, wanted).await? {
            Some((key, tags)) if aws.ownership(&tags) == Ownership::Ours => key.key_id().to_owned(),
            _ => create_key(aws, wanted).await?,
        };
        set_rotation(aws, wanted, &key).await?;
        set_alias(aws, wanted, &key).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        key: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        let Wanted { id, body, .. } = wanted;
        if changes.touch("description") {
            aws.call(Operation::repeatable("kms", "UpdateKeyDescription"), id, || {
                aws.kms.update_key_description().key_id(key).description(&body.description).send()
            })
            .await?;
        }
        if changes.touch("policy") {
            let document = body.policy.to_string();
            aws.call(Operation::repeatable("kms", "PutKeyPolicy"), id, || {
                aws.kms.put_key_policy().key_id(key).policy_name("default").policy(&document).send()
            })
            .await?;
        }
        if changes.touch("enableKeyRotation") {
            set_rotation(aws, wanted, key).await?;
        }
        if changes.touch("aliasName") {
            // Others stay: people may use them. They go with the key.
            set_alias(aws, wanted, key).await?;
        }
        if changes.touch("tags") {
            let tags = write(wanted)?;
            aws.call(Operation::repeatable("kms", "TagResource"), id, || {
                aws.kms.tag_resource().key_id(key).set_tags(Some(tags.clone())).send()
            })
            .await?;
        }
        Ok(())
    }

    /// Its aliases go at once. The key itself is kept for 7 days, in which its deletion can be cancelled.
    async fn delete(aws: &Aws, key: &str) -> Result<(), Error> {
        let Some(metadata) = describe(aws, AwsKind::KmsKey, key).await? else { return Ok(()) };
        for alias in aliases(aws, key).await? {
            delete_alias(aws, key, &alias).await?;
        }
        if is_going(&metadata) {
            return Ok(());
        }
        gone(
            aws.call(Operation::delete("kms", "ScheduleKeyDeletion"), key, || {
                let schedule = aws.kms.schedule_key_deletion().key_id(key);
                schedule.pending_window_in_days(DAYS_TO_DELETION).send()
            })
            .await,
        )
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let mut owned = Vec::new();
        for key in keys(aws).await? {
            let Some(tags) = readable_tags(aws, &key).await? else { continue };
            let Some(id) = aws.marked(&tags).filter(|id| id.kind == AwsKind::KmsKey) else { continue };
            if describe(aws, &id, &key).await?.is_some_and(|key| !is_going(&key)) {
                owned.push((id, key));
            }
        }
        Ok(owned)
    }
}

/// The key and its tags. One that is to be deleted is none.
async fn find(aws: &Aws, wanted: Wanted<'_, KmsKey>) -> Result<Option<(KeyMetadata, Tags)>, Error> {
    if let Some(key) = describe(aws, wanted.id, &wanted.body.alias_name).await?
        && !is_going(&key)
    {
        let tags = tags(aws, key.key_id()).await?;
        return Ok(Some((key, tags)));
    }
    let mut found = Vec::new();
    for key in keys(aws).await? {
        let Some(tags) = readable_tags(aws, &key).await? else { continue };
        if aws.marked(&tags).as_ref() != Some(wanted.id) {
            continue;
        }
        if let Some(key) = describe(aws, wanted.id, &key).await?.filter(|key| !is_going(key)) {
            found.push((key, tags));
        }
    }
    if found.len() > 1 {
        let keys: Vec<&str> = found.iter().map(|(key, _)| key.key_id()).collect();
        let message = format!("several keys carry its tags: {}: delete all but one", keys.join(", "));
        return Err(Error::other(wanted.id, "kms:ListResourceTags", message));
    }
    Ok(found.pop())
}

/// A key by its id, its ARN or its alias.
async fn describe(aws: &Aws, resource: impl ToString, key: &str) -> Result<Option<KeyMetadata>, Error> {
    let operation = Operation::read("kms", "DescribeKey");
    let answer =
        aws.call(operation, resource.to_string(), || aws.kms.describe_key().key_id(key).send()).await;
    Ok(found(answer)?.and_then(|answer| answer.key_metadata))
}

/// Whether a key is to be deleted: it can be used for nothing.
fn is_going(key: &KeyMetadata) -> bool {
    matches!(key.key_state(), Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion))
}

/// See <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>.
fn readiness(key: &KeyMetadata) -> Readiness {
    match key.key_state() {
        Some(KeyState::Enabled) => Readiness::Ready,
        Some(state @ (KeyState::Creating | KeyState::Updating)) => {
            Readiness::InProgress(state.as_str().to_owned())
        }
        state => {
            let state = state.map_or("unknown", KeyState::as_str);
            Readiness::Failed(format!("the key {} is in the state {state}: enable it", key.key_id()))
        }
    }
}

async fn keys(aws: &Aws) -> Result<Vec<String>, Error> {
    let operation = Operation::read("kms", "ListKeys");
    let send = |marker| aws.kms.list_keys().set_marker(marker).send();
    let keys = aws.every_page(operation, AwsKind::KmsKey, send, |page| (page.keys, page.next_marker)).await?;
    Ok(keys.into_iter().filter_map(|key| key.key_id).collect())
}

async fn tags(aws: &Aws, key: &str) -> Result<Tags, Error> {
    let operation = Operation::read("kms", "ListResourceTags");
    let send = |marker| aws.kms.list_resource_tags().key_id(key).set_marker(marker).send();
    let tags = aws.every_page(operation, key, send, |page| (page.tags, page.next_marker)).await?;
    Ok(tags.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect())
}

/// The tags of any key of the account. Keys whose policy lets nobody read them are not ours.
async fn readable_tags(aws: &Aws, key: &str) -> Result<Option<Tags>, Error> {
    match tags(aws, key).await {
        Err(error) if shut_out(&error) => Ok(None),
        answer => found(answer),
    }
}

fn write(wanted: Wanted<'_, KmsKey>) -> Result<Vec<Tag>, Error> {
    let tag = |(key, value)| built(wanted.id, Tag::builder().tag_key(key).tag_value(value).build());
    wanted.tags.iter().map(tag).collect()
}

async fn create_key(aws: &Aws, wanted: Wanted<'_, KmsKey>) -> Result<String, Error> {
    let document = wanted.body.policy.to_string();
    let tags = write(wanted)?;
    let answer = aws
        .call(Operation::once("kms", "CreateKey"), wanted.id, || {
            let create = aws.kms.create_key().description(&wanted.body.description).policy(&document);
            create.set_tags(Some(tags.clone())).send()
        })
        .await?;
    let key = answer.key_metadata.map(|key| key.key_id);
    key.ok_or_else(|| Error::other(wanted.id, "kms:CreateKey", "the answer names no key: run again"))
}

async fn rotation(aws: &Aws, id: &AwsId, key: &str) -> Result<bool, Error> {
    let operation = Operation::read("kms", "GetKeyRotationStatus");
    let answer = aws.call(operation, id, || aws.kms.get_key_rotation_status().key_id(key).send()).await?;
    Ok(answer.key_rotation_enabled())
}

async fn set_rotation(aws: &Aws, wanted: Wanted<'_, KmsKey>, key: &str) -> Result<(), Error> {
    if wanted.body.enable_key_rotation {
        let operation = Operation::repeatable("kms", "EnableKeyRotation");
        aws.call(operation, wanted.id, || aws.kms.enable_key_rotation().key_id(key).send()).await?;
    } else {
        let operation = Operation::repeatable("kms", "DisableKeyRotation");
        aws.call(operation, wanted.id, || aws.kms.disable_key_rotation().key_id(key).send()).await?;
    }
    Ok(())
}

async fn key_policy(aws: &Aws, wanted: Wanted<'_, KmsKey>, key: &str) -> Result<serde_json::Value, Error> {
    let answer = aws
        .call(Operation::read("kms", "GetKeyPolicy"), wanted.id, || {
            aws.kms.get_key_policy().key_id(key).policy_name("default").send()
        })
        .await?;
    Ok(policy::read(Some(&wanted.body.policy), answer.policy().unwrap_or_default()))
}

async fn aliases(aws: &Aws, key: &str) -> Result<Vec<String>, Error> {
    let operation = Operation::read("kms", "ListAliases");
    let send = |marker| aws.kms.list_aliases().key_id(key).set_marker(marker).send();
    let aliases = aws.every_page(operation, key, send, |page| (page.aliases, page.next_marker)).await?;
    Ok(aliases.into_iter().filter_map(|alias| alias.alias_name).collect())
}

/// Gives the key its alias. A key of the stack that is to be deleted may still hold it, and loses it.
async fn set_alias(aws: &Aws, wanted: Wanted<'_, KmsKey>, key: &str) -> Result<(), Error> {
    let alias = &wanted.body.alias_name;
    let answer = aws
        .call(Operation::repeatable("kms", "CreateAlias"), wanted.id, || {
            aws.kms.create_alias().alias_name(alias).target_key_id(key).send()
        })
        .await;
    let error = match answer {
        Ok(_) => return Ok(()),
        Err(error) if error.class == Class::AlreadyExists => error,
        Err(error) => return Err(error),
    };
    match describe(aws, wanted.id, alias).await? {
        Some(holder) if holder.key_id() == key => Ok(()),
        Some(holder)
            if is_going(&holder) && aws.ownership(&tags(aws, holder.key_id()).await?) == Ownership::Ours =>
        {
            aws.call(Operation::repeatable("kms", "UpdateAlias"), wanted.id, || {
                aws.kms.update_alias().alias_name(alias).target_key_id(key).send()
            })
            .await?;
            Ok(())
        }
        _ => Err(error),
    }
}

async fn delete_alias(aws: &Aws, key: &str, alias: &str) -> Result<(), Error> {
    let operation = Operation::delete("kms", "DeleteAlias");
    gone(aws.call(operation, key, || aws.kms.delete_alias().alias_name(alias).send()).await)
}
