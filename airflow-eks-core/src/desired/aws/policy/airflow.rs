//! What Airflow's components may do: task logs, and nothing else unless the stack names more policies.

use serde_json::{Value, json};

use super::{allow, allow_if, document};
use crate::desired::Names;
use crate::desired::aws::parts::Parts;

/// What a component does with task logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum LogAccess {
    /// Shows them.
    Read,
    /// Adds to them, for which it reads what is there already.
    Write,
}

/// Task logs, in their own part of the bucket.
/// See <https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/logging/s3-task-handler.html>.
pub(in super::super) fn logs(parts: &Parts<'_>, access: LogAccess) -> Value {
    let prefix = parts.spec().log_bucket.prefix.as_str();
    document(match access {
        LogAccess::Read => folder(parts.names(), prefix, &["s3:GetObject"]),
        LogAccess::Write => folder(parts.names(), prefix, &["s3:GetObject", "s3:PutObject"]),
    })
}

/// The keys of a folder of the log bucket, and its objects.
pub(super) fn folder(names: Names<'_>, prefix: &str, actions: &[&str]) -> Vec<Value> {
    let bucket = names.global_arn("s3", &names.log_bucket());
    let keys = json!({ "StringLike": { "s3:prefix": [prefix, format!("{prefix}/*")] } });
    vec![
        allow_if("Keys", &["s3:ListBucket"], std::slice::from_ref(&bucket), keys),
        allow("Objects", actions, &[format!("{bucket}/{prefix}/*")]),
    ]
}
