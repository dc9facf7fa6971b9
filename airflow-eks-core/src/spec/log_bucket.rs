//! The S3 bucket for task logs.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::{BucketName, Known as _, RelativePath};

/// The S3 bucket for Airflow's task logs: encrypted, never public, reached over TLS only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct LogBucket {
    /// A bucket that exists already. It is used, and never changed or deleted.
    pub existing: Option<BucketName>,
    /// Where in the bucket the logs go. The default is `airflow-logs`.
    #[builder(default = RelativePath::known("airflow-logs"))]
    pub prefix: RelativePath,
    /// After how many days a log is deleted. The default is 90.
    #[builder(default = 90)]
    pub expire_after_days: u32,
    /// Whether old versions of objects are kept. The default is false.
    #[builder(default)]
    pub versioning: bool,
}

default_is_built!(LogBucket);
