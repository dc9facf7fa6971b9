//! Grafana: its administrator's password is a secret of the stack's, and stands in no value.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::super::super::secrets::{SecretTemplate, secret, store};
use super::super::values::ServiceAccount;
use super::is_managed;
use crate::graph::{GeneratedSecret, KubernetesObject, Late, Output};
use crate::spec::AddonKind;
use crate::stack::Stack;

const SECRET: &str = "grafana-admin";
const USER_KEY: &str = "admin-user";
const PASSWORD_KEY: &str = "admin-password";

/// Grafana 13 asks a workspace of Amazon Managed Service for Prometheus by this plugin alone.
/// See <https://grafana.com/docs/grafana/latest/datasources/prometheus/configure/aws-authentication/>.
const PLUGIN: &str = "grafana-amazonprometheus-datasource";
const PLUGIN_VERSION: &str = "3.3.5";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grafana {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin: Option<Admin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account: Option<ServiceAccount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plugins: Vec<String>,
    #[serde(rename = "grafana.ini", skip_serializing_if = "BTreeMap::is_empty")]
    ini: BTreeMap<&'static str, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_data_sources: Vec<DataSource>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Admin {
    existing_secret: &'static str,
    user_key: &'static str,
    password_key: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DataSource {
    name: &'static str,
    r#type: &'static str,
    access: &'static str,
    url: String,
    json_data: Value,
}

impl Grafana {
    pub(super) fn of(stack: &Stack) -> Self {
        let enabled = stack.spec().observability.grafana.enabled;
        let managed = enabled && is_managed(stack);
        let sign = json!({ "sigv4_auth_enabled": true });
        Self {
            enabled,
            admin: enabled.then_some(Admin {
                existing_secret: SECRET,
                user_key: USER_KEY,
                password_key: PASSWORD_KEY,
            }),
            // Prometheus' own, which the chart makes for it, may ask the workspace too.
            service_account: managed.then(|| ServiceAccount {
                create: false,
                ..ServiceAccount::without_role(AddonKind::AmazonManagedPrometheus)
            }),
            plugins: managed.then(|| format!("{PLUGIN}@{PLUGIN_VERSION}")).into_iter().collect(),
            ini: managed.then_some(("auth", sign)).into_iter().collect(),
            additional_data_sources: managed.then(|| workspace(stack)).into_iter().collect(),
        }
    }
}

fn workspace(stack: &Stack) -> DataSource {
    DataSource {
        name: "Amazon Managed Prometheus",
        r#type: PLUGIN,
        access: "proxy",
        url: Late::Output(Output::PrometheusEndpoint).mark(),
        json_data: json!({
            "httpMethod": "POST",
            "sigV4Auth": true,
            "sigV4AuthType": "default",
            "sigV4Region": stack.spec().region.as_str(),
        }),
    }
}

/// The administrator's name and password.
pub(super) fn objects(stack: &Stack, namespace: &str) -> Vec<KubernetesObject> {
    if !stack.spec().observability.grafana.enabled {
        return Vec::new();
    }
    let entries = vec![
        (USER_KEY, SecretTemplate::default().text("admin")),
        (PASSWORD_KEY, SecretTemplate::secret(GeneratedSecret::GrafanaPassword)),
    ];
    let mut objects = store(stack, namespace);
    objects.push(secret(stack, namespace, SECRET, "monitoring", entries));
    objects
}
