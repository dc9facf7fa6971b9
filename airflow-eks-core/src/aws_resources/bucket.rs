//! An S3 bucket.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// An S3 bucket. Gives `arn`.
/// See <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Its name.
    pub bucket: String,
    /// Whether all four ways of making it public are shut.
    pub public_access_blocked: bool,
    /// Who owns objects: `BucketOwnerEnforced` turns access lists off.
    pub object_ownership: String,
    /// How objects are encrypted, such as `AES256`.
    pub sse_algorithm: String,
    /// Whether old versions of objects are kept.
    pub versioning: bool,
    /// Who may do what.
    pub policy: Value,
    /// The beginning of the keys that expire.
    pub expire_prefix: String,
    /// After how many days objects, and old versions of them, are deleted.
    pub expire_after_days: i32,
}

impl Kind for Bucket {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("bucket", Effect::Blocked("what is in the bucket would be lost"))];
}
