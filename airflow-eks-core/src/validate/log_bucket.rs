//! The S3 bucket for task logs.

use super::{Check, at};

pub(super) fn check(check: &mut Check<'_>) {
    let bucket = &check.spec.log_bucket;
    check.ensure(
        bucket.expire_after_days > 0,
        &at("logBucket").key("expireAfterDays"),
        "logs would be deleted as soon as they are written",
        "write at least 1",
    );
    check.ensure_reading(
        &[at("logBucket").key("existing")],
        bucket.existing.is_none() || !bucket.versioning,
        &at("logBucket").key("versioning"),
        "an existing bucket is used as it is, and never changed",
        "remove `versioning`, or remove `existing` to have a bucket made",
    );
}
