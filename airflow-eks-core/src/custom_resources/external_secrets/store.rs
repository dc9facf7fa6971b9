//! `SecretStore` and `ClusterSecretStore` of `external-secrets.io/v1`.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

custom_resource! {
    /// Where secrets of one namespace are read from.
    SecretStore(SecretStoreSpec) = "external-secrets.io" / "v1" / "secretstores", NamespaceResourceScope
}

custom_resource! {
    /// Where secrets of any namespace are read from.
    ClusterSecretStore(SecretStoreSpec) =
        "external-secrets.io" / "v1" / "clustersecretstores", ClusterResourceScope
}

/// Where secrets are read from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretStoreSpec {
    /// The service that has them.
    pub provider: SecretStoreProvider,
    /// Which namespaces may use a `ClusterSecretStore`, any of the conditions. Default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<NamespaceCondition>,
    /// Class of the operator that is responsible. Default: whichever operator has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<String>,
    /// Seconds between checks of the store. Default: the setting of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_interval: Option<i64>,
    /// What is done after a failed request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_settings: Option<RetrySettings>,
}

/// The service that has the secrets. Exactly one is set.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretStoreProvider {
    /// AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsProvider>,
}

/// Namespaces that meet one of these.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamespaceCondition {
    /// Labels of the namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<LabelSelector>,
    /// Names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Regular expressions for names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespace_regexes: Vec<String>,
}

/// What is done after a failed request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetrySettings {
    /// How many times it is sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i32>,
    /// The pause in between, such as `10s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<String>,
}

/// Secrets in AWS.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsProvider {
    /// The service of AWS.
    pub service: AwsService,
    /// The region.
    pub region: String,
    /// Who reads. Default: what the environment of the operator's pod gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth: Option<AwsAuth>,
    /// ARN of the role that is assumed at last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// ARNs of roles that are assumed before it, in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_roles: Vec<String>,
    /// The external identifier for the roles.
    #[serde(rename = "externalID", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Tags of the session of a role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub session_tags: Vec<SessionTag>,
    /// Keys of the session tags that the next role inherits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitive_tag_keys: Vec<String>,
    /// What every name in AWS begins with; references leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// How secrets are deleted from Secrets Manager; matters only to those that the operator pushes there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets_manager: Option<SecretsManager>,
}

/// A service of AWS that keeps secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum AwsService {
    /// AWS Secrets Manager.
    #[default]
    SecretsManager,
    /// The parameter store of AWS Systems Manager.
    ParameterStore,
}

/// Who reads from AWS.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsAuth {
    /// A service account with a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwt: Option<AwsJwtAuth>,
}

/// A service account whose token AWS trusts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsJwtAuth {
    /// The service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_ref: Option<ServiceAccountReference>,
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccountReference {
    /// Its name.
    pub name: String,
    /// Its namespace, in a `ClusterSecretStore`. Default: that of the `ExternalSecret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Audiences of its token beside that of AWS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<String>,
}

/// A tag of the session of a role.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionTag {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

/// How secrets are deleted from Secrets Manager.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretsManager {
    /// Whether at once, for good. Excludes `recovery_window_in_days`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_delete_without_recovery: Option<bool>,
    /// Days in which it can be undone, 7 to 30. Default of AWS: 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_window_in_days: Option<i64>,
}
