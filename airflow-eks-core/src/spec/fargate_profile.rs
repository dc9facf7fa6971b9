//! Fargate profiles.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::appends;
use crate::types::{LabelKey, LabelName, LabelValue, NamespaceName};

/// Which pods run on Fargate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FargateProfile {
    /// One to five selectors; a pod that fits any of them runs on Fargate.
    /// See <https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html>.
    #[builder(field)]
    pub selectors: Vec<FargateSelector>,
    /// Its name.
    pub name: LabelName,
}

appends!(FargateProfileBuilder in fargate_profile_builder {
    /// Adds a selector.
    selector(FargateSelector) => selectors;
});

/// A namespace, and labels that a pod in it must carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FargateSelector {
    /// The namespace.
    pub namespace: NamespaceName,
    /// Labels that a pod must carry. The default is none: every pod of the namespace.
    #[serde(default)]
    #[builder(default)]
    pub labels: BTreeMap<LabelKey, LabelValue>,
}
