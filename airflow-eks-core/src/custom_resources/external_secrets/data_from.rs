//! Keys of an [`ExternalSecret`](super::ExternalSecret) that come together.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConversionStrategy, DecodingStrategy, RemoteReference, SourceReference};

/// Keys that come together. Either `extract` or `find` is set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretDataFrom {
    /// The properties of one secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extract: Option<RemoteReference>,
    /// Every secret that is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub find: Option<Find>,
    /// How the keys are renamed, step by step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewrite: Vec<Rewrite>,
    /// Another store than that of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_ref: Option<SourceReference>,
}

/// Which secrets are found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Find {
    /// By name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<FindName>,
    /// What their names begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// By tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// How names become keys. Default: `Default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How the values are decoded. Default: `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoding_strategy: Option<DecodingStrategy>,
}

/// Secrets by name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindName {
    /// A regular expression for the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regexp: Option<String>,
}

/// A step in which keys are renamed. Exactly one of the ways is set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rewrite {
    /// By regular expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regexp: Option<RewriteRegexp>,
    /// By template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform: Option<RewriteTransform>,
    /// By putting the properties of all secrets together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<RewriteMerge>,
}

/// Renames by regular expression.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteRegexp {
    /// A regular expression.
    pub source: String,
    /// What takes the place of each match; `$1` is the first group.
    pub target: String,
}

/// Renames by template.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteTransform {
    /// A Go template for the key; `.value` is the old one.
    pub template: String,
}

/// Puts the properties of all secrets together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteMerge {
    /// How. Default: `Extract`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<MergeStrategy>,
    /// The key of the result, for the strategy `JSON`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// What becomes of a property that two secrets have. Default: `Error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict_policy: Option<MergeConflictPolicy>,
    /// Keys whose secrets win over others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority: Vec<String>,
    /// What becomes of a key in `priority` that is not there. Default: `Strict`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_policy: Option<MergePriorityPolicy>,
}

/// How properties are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum MergeStrategy {
    /// Each property becomes a key.
    Extract,
    /// All become one key, a JSON object.
    #[serde(rename = "JSON")]
    Json,
}

/// What becomes of a property that two secrets have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum MergeConflictPolicy {
    /// One of them is left out.
    Ignore,
    /// It is an error.
    Error,
}

/// What becomes of a prioritised key that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum MergePriorityPolicy {
    /// It is passed over.
    IgnoreNotFound,
    /// It is an error.
    Strict,
}
