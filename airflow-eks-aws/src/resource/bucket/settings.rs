//! Everything about a bucket that S3 has calls of its own for.

use airflow_eks_core::aws_resources::{Bucket, Tags};
use airflow_eks_core::graph::AwsId;
use aws_sdk_s3::types::{
    BucketVersioningStatus, ObjectOwnership, OwnershipControls, OwnershipControlsRule,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, Tag, Tagging, VersioningConfiguration,
};
use serde_json::Value;

use super::super::Wanted;
use super::lifecycle;
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::built;
use crate::policy;

pub(super) async fn read(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<Bucket, Error> {
    let Wanted { id, body, .. } = wanted;
    let name = body.bucket.as_str();
    let (blocked, ownership, encryption, versioning, policy, lifecycle) = tokio::try_join!(
        public_access_blocked(aws, id, name),
        ownership(aws, id, name),
        encryption(aws, id, name),
        versioning(aws, name),
        bucket_policy(aws, wanted),
        lifecycle::read(aws, wanted),
    )?;
    Ok(Bucket {
        bucket: name.to_owned(),
        public_access_blocked: blocked,
        object_ownership: ownership,
        sse_algorithm: encryption,
        versioning: versioning == Some(BucketVersioningStatus::Enabled),
        policy,
        expire_prefix: lifecycle.0,
        expire_after_days: lifecycle.1,
    })
}

/// The tags of a bucket; nothing where there is no bucket.
pub(super) async fn tags(aws: &Aws, resource: impl ToString, bucket: &str) -> Result<Option<Tags>, Error> {
    let owner = aws.identity().await?.account.as_str();
    let operation = Operation::read("s3", "GetBucketTagging");
    let answer = aws
        .call(operation, resource.to_string(), || {
            aws.s3.get_bucket_tagging().bucket(bucket).expected_bucket_owner(owner).send()
        })
        .await;
    match answer {
        Err(error) if error.failure.code.as_deref() == Some("NoSuchTagSet") => Ok(Some(Tags::new())),
        answer => {
            Ok(found(answer)?
                .map(|answer| answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()))
        }
    }
}

/// S3 has no call that adds tags to those that are there: others' are written back.
pub(super) async fn put_tags(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let bucket = &wanted.body.bucket;
    let mut all = tags(aws, wanted.id, bucket).await?.unwrap_or_default();
    all.extend(wanted.tags.clone());
    let tag = |(key, value)| built(wanted.id, Tag::builder().key(key).value(value).build());
    let set = all.iter().map(tag).collect::<Result<Vec<Tag>, Error>>()?;
    let tagging = built(wanted.id, Tagging::builder().set_tag_set(Some(set)).build())?;
    aws.call(Operation::repeatable("s3", "PutBucketTagging"), wanted.id, || {
        aws.s3.put_bucket_tagging().bucket(bucket).tagging(tagging.clone()).send()
    })
    .await?;
    Ok(())
}

async fn public_access_blocked(aws: &Aws, id: &AwsId, bucket: &str) -> Result<bool, Error> {
    let operation = Operation::read("s3", "GetPublicAccessBlock");
    let answer = aws.call(operation, id, || aws.s3.get_public_access_block().bucket(bucket).send()).await;
    let block = found(answer)?.and_then(|answer| answer.public_access_block_configuration);
    Ok(block.is_some_and(|block| {
        let all = [
            block.block_public_acls,
            block.ignore_public_acls,
            block.block_public_policy,
            block.restrict_public_buckets,
        ];
        all.iter().all(|shut| *shut == Some(true))
    }))
}

pub(super) async fn put_public_access_block(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let shut = wanted.body.public_access_blocked;
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(shut)
        .ignore_public_acls(shut)
        .block_public_policy(shut)
        .restrict_public_buckets(shut)
        .build();
    aws.call(Operation::repeatable("s3", "PutPublicAccessBlock"), wanted.id, || {
        let put = aws.s3.put_public_access_block().bucket(&wanted.body.bucket);
        put.public_access_block_configuration(block.clone()).send()
    })
    .await?;
    Ok(())
}

async fn ownership(aws: &Aws, id: &AwsId, bucket: &str) -> Result<String, Error> {
    let operation = Operation::read("s3", "GetBucketOwnershipControls");
    let answer =
        aws.call(operation, id, || aws.s3.get_bucket_ownership_controls().bucket(bucket).send()).await;
    let controls = found(answer)?.and_then(|answer| answer.ownership_controls);
    let rule = controls.and_then(|controls| controls.rules.into_iter().next());
    Ok(rule.map(|rule| rule.object_ownership.as_str().to_owned()).unwrap_or_default())
}

pub(super) async fn put_ownership(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let ownership = ObjectOwnership::from(wanted.body.object_ownership.as_str());
    let rule = built(wanted.id, OwnershipControlsRule::builder().object_ownership(ownership).build())?;
    let controls = built(wanted.id, OwnershipControls::builder().rules(rule).build())?;
    aws.call(Operation::repeatable("s3", "PutBucketOwnershipControls"), wanted.id, || {
        let put = aws.s3.put_bucket_ownership_controls().bucket(&wanted.body.bucket);
        put.ownership_controls(controls.clone()).send()
    })
    .await?;
    Ok(())
}

async fn encryption(aws: &Aws, id: &AwsId, bucket: &str) -> Result<String, Error> {
    let operation = Operation::read("s3", "GetBucketEncryption");
    let answer = aws.call(operation, id, || aws.s3.get_bucket_encryption().bucket(bucket).send()).await;
    let configuration = found(answer)?.and_then(|answer| answer.server_side_encryption_configuration);
    let default = configuration
        .and_then(|configuration| configuration.rules.into_iter().next())
        .and_then(|rule| rule.apply_server_side_encryption_by_default);
    Ok(default.map(|default| default.sse_algorithm.as_str().to_owned()).unwrap_or_default())
}

pub(super) async fn put_encryption(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let algorithm = ServerSideEncryption::from(wanted.body.sse_algorithm.as_str());
    let default =
        built(wanted.id, ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm).build())?;
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(default).build();
    let configuration = built(wanted.id, ServerSideEncryptionConfiguration::builder().rules(rule).build())?;
    aws.call(Operation::repeatable("s3", "PutBucketEncryption"), wanted.id, || {
        let put = aws.s3.put_bucket_encryption().bucket(&wanted.body.bucket);
        put.server_side_encryption_configuration(configuration.clone()).send()
    })
    .await?;
    Ok(())
}

/// Nothing where versions were never kept; they stay when that is suspended.
async fn versioning(aws: &Aws, bucket: &str) -> Result<Option<BucketVersioningStatus>, Error> {
    let operation = Operation::read("s3", "GetBucketVersioning");
    let answer = aws.call(operation, bucket, || aws.s3.get_bucket_versioning().bucket(bucket).send()).await?;
    Ok(answer.status)
}

/// Whether versions are kept, or once were.
pub(super) async fn was_versioned(aws: &Aws, bucket: &str) -> Result<bool, Error> {
    Ok(versioning(aws, bucket).await?.is_some())
}

pub(super) async fn put_versioning(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let status = match wanted.body.versioning {
        true => BucketVersioningStatus::Enabled,
        false => BucketVersioningStatus::Suspended,
    };
    let configuration = VersioningConfiguration::builder().status(status).build();
    aws.call(Operation::repeatable("s3", "PutBucketVersioning"), wanted.id, || {
        let put = aws.s3.put_bucket_versioning().bucket(&wanted.body.bucket);
        put.versioning_configuration(configuration.clone()).send()
    })
    .await?;
    Ok(())
}

async fn bucket_policy(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<Value, Error> {
    let operation = Operation::read("s3", "GetBucketPolicy");
    let answer = aws
        .call(operation, wanted.id, || aws.s3.get_bucket_policy().bucket(&wanted.body.bucket).send())
        .await;
    let text = found(answer)?.and_then(|answer| answer.policy);
    Ok(text.map_or(Value::Null, |text| policy::read(Some(&wanted.body.policy), &text)))
}

pub(super) async fn put_policy(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let Bucket { bucket, policy, .. } = wanted.body;
    if policy.is_null() {
        let operation = Operation::delete("s3", "DeleteBucketPolicy");
        let answer =
            aws.call(operation, wanted.id, || aws.s3.delete_bucket_policy().bucket(bucket).send()).await;
        return gone(answer);
    }
    let document = policy.to_string();
    aws.call(Operation::repeatable("s3", "PutBucketPolicy"), wanted.id, || {
        aws.s3.put_bucket_policy().bucket(bucket).policy(&document).send()
    })
    .await?;
    Ok(())
}
