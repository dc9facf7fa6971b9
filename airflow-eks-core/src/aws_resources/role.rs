//! An IAM role with its policies.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// An IAM role with its policies. Gives `arn`.
/// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// Its name.
    pub role_name: String,
    /// What it is for.
    pub description: String,
    /// Who may take it on.
    pub assume_role_policy_document: Value,
    /// The managed policies that it has.
    pub managed_policy_arns: BTreeSet<String>,
    /// Policies of its own, by name.
    pub inline_policies: BTreeMap<String, Value>,
    /// The policy that bounds what it may ever do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permissions_boundary: Option<String>,
}

impl Kind for Role {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("roleName", Effect::Replace)];
}
