//! The EFS file system for DAGs.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::FileSystemId;

/// The EFS file system, encrypted, with a mount target in each zone, and its storage class `efs-sc`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct FileSystem {
    /// Whether there is one. The default is true.
    #[builder(default = true)]
    pub enabled: bool,
    /// A file system that exists already. It is used, and never changed or deleted.
    pub existing: Option<FileSystemId>,
    /// How throughput is bought. The default is `elastic`.
    #[builder(default)]
    pub throughput_mode: ThroughputMode,
    /// Whether AWS Backup keeps copies. The default is true in production, false in a demo.
    pub backup: Option<bool>,
}

default_is_built!(FileSystem);

/// How throughput is bought.
/// See <https://docs.aws.amazon.com/efs/latest/ug/performance.html#throughput-modes>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ThroughputMode {
    /// By use.
    #[default]
    Elastic,
    /// With the size, in bursts.
    Bursting,
}
