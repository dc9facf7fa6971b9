//! A mount target of a file system.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A mount target of a file system. Gives `id`.
/// See <https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MountTarget {
    /// The file system.
    pub file_system_id: String,
    /// Its subnet: one in each zone.
    pub subnet_id: String,
    /// Its security groups.
    pub security_groups: BTreeSet<String>,
}

impl Kind for MountTarget {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("fileSystemId", Effect::Replace), ("subnetId", Effect::Replace)];
}
