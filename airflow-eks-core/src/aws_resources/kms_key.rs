//! A KMS key.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// A customer managed KMS key with its alias. Gives `arn` and `id`. Deleting schedules it for deletion after the
/// shortest time that KMS allows, 7 days.
/// See <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KmsKey {
    /// Its alias, `alias/` included.
    pub alias_name: String,
    /// What it is for.
    pub description: String,
    /// Whether its material is renewed each year.
    pub enable_key_rotation: bool,
    /// Who may use it.
    pub policy: Value,
}

impl Kind for KmsKey {
    const EFFECTS: &'static [(&'static str, Effect)] = &[];
}
