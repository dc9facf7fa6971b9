//! What Spark may do: each team in its own part of the log bucket, the history server reads them all.

use serde_json::Value;

use super::airflow::folder;
use super::{allow, document};
use crate::desired::aws::parts::Parts;
use crate::desired::names::SPARK_PREFIX;
use crate::spec::SparkTeam;

/// A team's own objects: event logs and data. Spark renames what it has written, by copying and deleting.
pub(in super::super) fn team(parts: &Parts<'_>, team: &SparkTeam) -> Value {
    let names = parts.names();
    let prefix = names.spark_prefix(team);
    let actions = [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    ];
    let mut statements = folder(names, &prefix, &actions);
    // The S3A file system asks for it before its first write.
    let bucket = names.global_arn("s3", &names.log_bucket());
    statements.push(allow("Bucket", &["s3:GetBucketLocation"], &[bucket]));
    document(statements)
}

/// The event logs of all teams.
pub(in super::super) fn history(parts: &Parts<'_>) -> Value {
    document(folder(parts.names(), SPARK_PREFIX, &["s3:GetObject"]))
}
