//! An EFS file system.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// An EFS file system. Gives `id` and `arn`.
/// See <https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileSystem {
    /// What makes it the same one from run to run.
    pub creation_token: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// `generalPurpose`.
    pub performance_mode: String,
    /// `elastic` or `bursting`.
    pub throughput_mode: String,
    /// Whether AWS Backup keeps copies.
    pub backup: bool,
}

impl Kind for FileSystem {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("creationToken", LOST), ("encrypted", LOST), ("performanceMode", LOST)];
}

const LOST: Effect =
    Effect::Blocked("the file system would have to be made again, and its files would be lost");
