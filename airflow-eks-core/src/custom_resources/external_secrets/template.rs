//! How the keys of a Kubernetes secret are made of what was read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the keys of a Kubernetes secret are made of what was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretTemplate {
    /// Type of the secret, such as `kubernetes.io/dockerconfigjson`. Default: `Opaque`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// By key: a Go template.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
    /// Templates from other places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub template_from: Vec<TemplateFrom>,
    /// Labels and annotations of the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ExternalSecretTemplateMetadata>,
    /// Whether keys without a template are kept. Default: `Replace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_policy: Option<TemplateMergePolicy>,
    /// Version of the template engine. Default: `v2`, the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<TemplateEngineVersion>,
}

/// Labels and annotations of a Kubernetes secret.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretTemplateMetadata {
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Finalizers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

/// Whether keys without a template are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TemplateMergePolicy {
    /// Only keys of the template are in the secret.
    Replace,
    /// Keys of the template are added to what was read.
    Merge,
}

/// Version of the template engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TemplateEngineVersion {
    /// Go templates with the functions of Sprig.
    #[serde(rename = "v2")]
    V2,
}

/// Templates from another place. Exactly one of the sources is set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateFrom {
    /// A config map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_map: Option<TemplateReference>,
    /// A secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<TemplateReference>,
    /// The template itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub literal: Option<String>,
    /// Where results go: `Data` (the default), `Labels`, `Annotations`, or a path if `manifest` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// Keys of a config map or secret that are templates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateReference {
    /// Name of the object.
    pub name: String,
    /// The keys.
    pub items: Vec<TemplateReferenceItem>,
}

/// A key that is a template.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TemplateReferenceItem {
    /// The key.
    pub key: String,
    /// What the template is for. Default: `Values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_as: Option<TemplateScope>,
}

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TemplateScope {
    /// The value of the key of the same name.
    Values,
    /// A YAML map of keys and values.
    KeysAndValues,
}
