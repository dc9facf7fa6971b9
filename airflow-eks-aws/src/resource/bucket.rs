//! An S3 bucket.

mod contents;
mod lifecycle;
mod settings;

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, Bucket, Tags, is_known};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error, found, gone};
use crate::made::{made, shut_out};
use crate::wait;

/// How long a bucket is emptied again because somebody still writes to it.
const EMPTYING: Duration = Duration::from_mins(5);

impl Manage for Bucket {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.bucket.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let Some(tags) = settings::tags(aws, wanted.id, name).await? else { return Ok(None) };
        // A run that was killed before it could write tags has left a bucket of this very name, which has the account's
        // number in it, with nothing in it and no tags at all.
        let unfinished = tags.is_empty() && contents::is_empty(aws, name).await?;
        let ownership = if unfinished { Ownership::Ours } else { aws.ownership(&tags) };
        let arn = format!("arn:{}:s3:::{name}", aws.identity().await?.partition());
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: settings::read(aws, wanted).await?,
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn)]),
            readiness: Readiness::Ready,
            ownership,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let name = wanted.body.bucket.as_str();
        let answer = create(aws, wanted).await.map_err(|error| explained(error, name));
        made(aws, wanted, answer).await?;
        // First of all: from here on the bucket is known to be the stack's.
        settings::put_tags(aws, wanted).await?;
        settings::put_public_access_block(aws, wanted).await?;
        settings::put_ownership(aws, wanted).await?;
        settings::put_encryption(aws, wanted).await?;
        if wanted.body.versioning {
            settings::put_versioning(aws, wanted).await?;
        }
        settings::put_policy(aws, wanted).await?;
        lifecycle::put(aws, wanted).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        _physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("tags") {
            settings::put_tags(aws, wanted).await?;
        }
        if changes.touch("publicAccessBlocked") {
            settings::put_public_access_block(aws, wanted).await?;
        }
        if changes.touch("objectOwnership") {
            settings::put_ownership(aws, wanted).await?;
        }
        if changes.touch("sseAlgorithm") {
            settings::put_encryption(aws, wanted).await?;
        }
        if changes.touch("versioning") {
            settings::put_versioning(aws, wanted).await?;
        }
        if changes.touch("policy") {
            settings::put_policy(aws, wanted).await?;
        }
        if changes.touch_any(&["expirePrefix", "expireAfterDays"]) {
            lifecycle::put(aws, wanted).await?;
        }
        Ok(())
    }

    /// Empties it first. Versions that were kept on purpose are deleted only where that was asked for.
    async fn delete(aws: &Aws, name: &str) -> Result<(), Error> {
        let Some(versioned) = found(settings::was_versioned(aws, name).await)? else { return Ok(()) };
        if versioned && !aws.delete_data && !contents::is_empty(aws, name).await? {
            let message = "it keeps old versions of its objects, and they would be lost";
            let mut error = Error::other(name, "s3:DeleteBucket", message);
            error.failure.hint = Some("repeat with `--delete-data` to delete them too".to_owned());
            return Err(error);
        }
        let emptied = wait::until(EMPTYING, || async move {
            gone(contents::delete(aws, name).await)?;
            let operation = Operation::delete("s3", "DeleteBucket");
            let answer = aws.call(operation, name, || aws.s3.delete_bucket().bucket(name).send()).await;
            match answer {
                Err(error) if error.failure.code.as_deref() == Some("BucketNotEmpty") => Ok(None),
                answer => gone(answer).map(Some),
            }
        });
        let message = "something keeps writing to it: stop that, and run again";
        emptied.await?.ok_or_else(|| Error::other(name, "s3:DeleteBucket", message))
    }

    /// Buckets belong to the account, not to a Region: only those in this Region are asked for.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let operation = Operation::read("s3", "ListBuckets");
        let send = |token| {
            let list = aws.s3.list_buckets().bucket_region(&aws.region).prefix(&aws.stack);
            // Without a size of the page there is only one page.
            list.max_buckets(1000).set_continuation_token(token).send()
        };
        let buckets = aws
            .every_page(operation, AwsKind::Bucket, send, |page| (page.buckets, page.continuation_token))
            .await?;
        let names = buckets.into_iter().filter_map(|bucket| bucket.name);
        let mut owned = Vec::new();
        for name in names.filter(|name| name.starts_with(&aws.stack)) {
            let tags = match settings::tags(aws, AwsKind::Bucket, &name).await {
                Err(error) if shut_out(&error) => Tags::new(),
                answer => answer?.unwrap_or_default(),
            };
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::Bucket).map(|id| (id, name)));
        }
        Ok(owned)
    }
}

async fn create(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    // The oldest Region is the one that is not named.
    // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    let place = (aws.region != "us-east-1").then(|| {
        let region = BucketLocationConstraint::from(aws.region.as_str());
        CreateBucketConfiguration::builder().location_constraint(region).build()
    });
    aws.call(Operation::repeatable("s3", "CreateBucket"), wanted.id, || {
        let create = aws.s3.create_bucket().bucket(&wanted.body.bucket);
        create.set_create_bucket_configuration(place.clone()).send()
    })
    .await?;
    Ok(())
}

/// Names are taken in the whole world.
fn explained(mut error: Error, name: &str) -> Error {
    if error.failure.code.as_deref() == Some("BucketAlreadyExists") {
        error.class = Class::Other;
        error.failure.message = format!("the name `{name}` is taken by a bucket of another account");
        error.failure.hint = Some("choose another name for the stack".to_owned());
    }
    error
}
