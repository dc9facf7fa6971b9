//! The S3 bucket for task logs, and for what Spark teams write.
//! See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>.

use serde_json::{Value, json};

use super::parts::Parts;
use super::policy::document;
use crate::aws_resources::Bucket;
use crate::spec::TaskLogs;

pub(super) fn add(parts: &mut Parts<'_>) {
    let spec = parts.spec();
    let used = spec.airflow.logs == TaskLogs::S3 || spec.spark.enabled;
    if spec.log_bucket.existing.is_some() || !used {
        return;
    }
    let bucket = Bucket {
        bucket: parts.names().log_bucket(),
        public_access_blocked: true,
        object_ownership: "BucketOwnerEnforced".to_owned(),
        sse_algorithm: "AES256".to_owned(),
        versioning: spec.log_bucket.versioning,
        policy: policy(parts),
        expire_prefix: format!("{}/", spec.log_bucket.prefix),
        expire_after_days: i32::try_from(spec.log_bucket.expire_after_days).unwrap_or(i32::MAX),
    };
    parts.add("logs", bucket);
}

/// Nobody without TLS.
fn policy(parts: &Parts<'_>) -> Value {
    let bucket = parts.names().global_arn("s3", &parts.names().log_bucket());
    document(vec![json!({
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, format!("{bucket}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    })])
}
