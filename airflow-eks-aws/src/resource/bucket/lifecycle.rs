//! What a bucket deletes by itself.

use airflow_eks_core::aws_resources::Bucket;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration,
    LifecycleRule, LifecycleRuleFilter, NoncurrentVersionExpiration,
};
use aws_smithy_types::error::operation::BuildError;

use super::super::Wanted;
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found};
use crate::made::built;

/// The rules that are ours. Others are left alone.
const EXPIRE: &str = "airflow-eks-expire";
const ABORT: &str = "airflow-eks-abort-uploads";

/// After how many days an upload that was not finished is given up: longer than any task writes.
const ABORT_AFTER_DAYS: i32 = 7;

/// The prefix whose objects expire, and after how many days: 0 where they do not, or not as ours do.
pub(super) async fn read(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(String, i32), Error> {
    Ok(of(&rules(aws, wanted).await?))
}

pub(super) async fn put(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<(), Error> {
    let Bucket { bucket, expire_prefix, expire_after_days, .. } = wanted.body;
    let mut rules = rules(aws, wanted).await?;
    rules.retain(|rule| !is_ours(rule));
    for rule in ours(expire_prefix, *expire_after_days) {
        rules.push(built(wanted.id, rule)?);
    }
    let configuration = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build();
    let configuration = built(wanted.id, configuration)?;
    aws.call(Operation::repeatable("s3", "PutBucketLifecycleConfiguration"), wanted.id, || {
        let put = aws.s3.put_bucket_lifecycle_configuration().bucket(bucket);
        put.lifecycle_configuration(configuration.clone()).send()
    })
    .await?;
    Ok(())
}

async fn rules(aws: &Aws, wanted: Wanted<'_, Bucket>) -> Result<Vec<LifecycleRule>, Error> {
    let answer = aws
        .call(Operation::read("s3", "GetBucketLifecycleConfiguration"), wanted.id, || {
            aws.s3.get_bucket_lifecycle_configuration().bucket(&wanted.body.bucket).send()
        })
        .await;
    Ok(found(answer)?.and_then(|answer| answer.rules).unwrap_or_default())
}

fn is_ours(rule: &LifecycleRule) -> bool {
    matches!(rule.id(), Some(EXPIRE | ABORT))
}

/// Where there are expiring days, markers of deleted objects go too.
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html>.
fn ours(prefix: &str, days: i32) -> [Result<LifecycleRule, BuildError>; 2] {
    let rule = |id: &str, prefix: &str| {
        let filter = LifecycleRuleFilter::builder().prefix(prefix).build();
        LifecycleRule::builder().id(id).status(ExpirationStatus::Enabled).filter(filter)
    };
    let expiration = LifecycleExpiration::builder().days(days).build();
    let old = NoncurrentVersionExpiration::builder().noncurrent_days(days).build();
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(ABORT_AFTER_DAYS).build();
    [
        rule(EXPIRE, prefix).expiration(expiration).noncurrent_version_expiration(old).build(),
        rule(ABORT, "").abort_incomplete_multipart_upload(abort).build(),
    ]
}

fn of(rules: &[LifecycleRule]) -> (String, i32) {
    let Some(expire) = rules.iter().find(|rule| rule.id() == Some(EXPIRE)) else { return Default::default() };
    let prefix = prefix(expire).to_owned();
    let days = expire.expiration().and_then(LifecycleExpiration::days).unwrap_or(0);
    let mut present: Vec<Meaning<'_>> = rules.iter().filter(|rule| is_ours(rule)).map(meaning).collect();
    present.sort_unstable();
    let expected = ours(&prefix, days);
    let mut expected: Vec<Meaning<'_>> = expected.iter().flatten().map(meaning).collect();
    expected.sort_unstable();
    let days = if present == expected { days } else { 0 };
    (prefix, days)
}

/// What our rules say: id, whether it counts, prefix, and the three numbers of days.
type Meaning<'a> = (Option<&'a str>, bool, &'a str, Option<i32>, Option<i32>, Option<i32>);

fn meaning(rule: &LifecycleRule) -> Meaning<'_> {
    (
        rule.id(),
        *rule.status() == ExpirationStatus::Enabled,
        prefix(rule),
        rule.expiration().and_then(LifecycleExpiration::days),
        rule.noncurrent_version_expiration().and_then(NoncurrentVersionExpiration::noncurrent_days),
        rule.abort_incomplete_multipart_upload()
            .and_then(AbortIncompleteMultipartUpload::days_after_initiation),
    )
}

fn prefix(rule: &LifecycleRule) -> &str {
    rule.filter().and_then(LifecycleRuleFilter::prefix).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_rules_are_read_as_they_were_written() {
        let mut rules: Vec<LifecycleRule> = ours("logs/", 30).into_iter().map(Result::unwrap).collect();
        rules.reverse();
        assert_eq!(of(&rules), ("logs/".to_owned(), 30));
    }

    #[test]
    fn rules_that_were_tampered_with_show() {
        let rules: Vec<LifecycleRule> = ours("logs/", 30).into_iter().map(Result::unwrap).collect();
        assert_eq!(of(&rules[..1]), ("logs/".to_owned(), 0));
        assert_eq!(of(&rules[1..]), (String::new(), 0));
    }
}
