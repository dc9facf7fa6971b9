//! The OpenID Connect provider of a cluster.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// The OpenID Connect provider of a cluster: IAM trusts the cluster's service account tokens. Gives `arn`.
/// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OidcProvider {
    /// The issuer, without `https://`.
    pub url: String,
    /// Whom tokens are for: `sts.amazonaws.com`.
    pub client_id_list: BTreeSet<String>,
}

impl Kind for OidcProvider {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("url", Effect::Replace)];
}
