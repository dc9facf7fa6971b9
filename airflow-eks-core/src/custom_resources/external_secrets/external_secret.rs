//! `ExternalSecret` of `external-secrets.io/v1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExternalSecretDataFrom, ExternalSecretTemplate};

custom_resource! {
    /// A Kubernetes secret that is read from a store.
    ExternalSecret(ExternalSecretSpec) =
        "external-secrets.io" / "v1" / "externalsecrets", NamespaceResourceScope
}

/// A Kubernetes secret that is read from a store.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretSpec {
    /// The store. An entry can name another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_store_ref: Option<SecretStoreReference>,
    /// How often it is read, such as `15m`; `0s` is once. Default: `1h0m0s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_interval: Option<String>,
    /// When it is read. Default: `Periodic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_policy: Option<RefreshPolicy>,
    /// The Kubernetes secret. Default: one of the same name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<ExternalSecretTarget>,
    /// Its keys, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<ExternalSecretData>,
    /// Keys that come together; the later ones win.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_from: Vec<ExternalSecretDataFrom>,
}

/// A store.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretStoreReference {
    /// Name of the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Kind of the store. Default: `SecretStore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SecretStoreKind>,
}

/// Kind of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SecretStoreKind {
    /// In the same namespace.
    SecretStore,
    /// For any namespace.
    ClusterSecretStore,
}

/// When a secret is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RefreshPolicy {
    /// Once.
    CreatedOnce,
    /// Every `refresh_interval`.
    Periodic,
    /// Whenever labels, annotations or specification of the `ExternalSecret` change.
    OnChange,
}

/// A key of the Kubernetes secret.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretData {
    /// The key.
    pub secret_key: String,
    /// What is read.
    pub remote_ref: RemoteReference,
    /// Another store than that of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_ref: Option<SourceReference>,
}

/// Another store than that of the whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceReference {
    /// The store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_ref: Option<SecretStoreReference>,
}

/// A secret in AWS, or a part of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoteReference {
    /// Name of the secret in AWS.
    pub key: String,
    /// A property of a JSON value. Default: the whole value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// Version of the secret. Default: the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How names of properties become keys. Default: `Default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How the value is decoded. Default: `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoding_strategy: Option<DecodingStrategy>,
    /// Whether the tags are read in place of the value. Default: `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_policy: Option<MetadataPolicy>,
}

/// How names become keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConversionStrategy {
    /// Characters that a key cannot have become `_`.
    Default,
    /// Characters that a key cannot have become `_U`, their code point in hexadecimal digits and `_`.
    Unicode,
}

/// How a value is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DecodingStrategy {
    /// By whichever of the encodings fits.
    Auto,
    /// From Base64.
    Base64,
    /// From Base64 for URLs.
    #[serde(rename = "Base64URL")]
    Base64Url,
    /// Not at all.
    None,
}

/// Whether tags are read in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum MetadataPolicy {
    /// The value is read.
    None,
    /// The tags are read.
    Fetch,
}

/// The Kubernetes secret that is made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalSecretTarget {
    /// Its name. Default: that of the `ExternalSecret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How it comes to be. Default: `Owner`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_policy: Option<CreationPolicy>,
    /// What becomes of it when the secrets are gone from AWS. Default: `Retain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// Whether it never changes again. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immutable: Option<bool>,
    /// How its keys are made of what was read. Default: as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<ExternalSecretTemplate>,
    /// Another kind of object that is made in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestReference>,
}

/// How a Kubernetes secret comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CreationPolicy {
    /// It is made, and goes with the `ExternalSecret`.
    Owner,
    /// It is made, and stays.
    Orphan,
    /// It is there already, and keys are added.
    Merge,
    /// It is not made.
    None,
}

/// What becomes of a Kubernetes secret when the secrets are gone from AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// It goes, when all of them are gone.
    Delete,
    /// It stays, without the keys that are gone.
    Merge,
    /// It stays as it is.
    Retain,
}

/// A kind of object.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManifestReference {
    /// Group and version, such as `v1`.
    pub api_version: String,
    /// Kind, such as `ConfigMap`.
    pub kind: String,
}
