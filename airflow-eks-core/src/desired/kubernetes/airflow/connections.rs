//! Connections that exist from the first start. They hold no credentials: the pods' own identities do.

use k8s_openapi::api::core::v1::EnvVar;
use serde_json::{Value, json};

use super::{Release, environment};
use crate::spec::TaskLogs;

/// The connection that task logs are written and read with.
pub(super) const LOGS: &str = "aws_s3_conn";

pub(super) fn variables(release: Release<'_>) -> Vec<EnvVar> {
    let kubernetes = json!({ "conn_type": "kubernetes", "extra": { "in_cluster": true } });
    let mut variables = vec![connection("kubernetes_default", &kubernetes)];
    if release.spec.logs == TaskLogs::S3 {
        let region = release.stack.spec().region.as_str();
        variables.push(connection(LOGS, &json!({ "conn_type": "aws", "extra": { "region_name": region } })));
    }
    variables
}

/// A connection in the JSON form of its variable.
/// See <https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html#json-format-example>.
fn connection(id: &str, connection: &Value) -> EnvVar {
    environment::literal(&format!("AIRFLOW_CONN_{}", id.to_uppercase()), &connection.to_string())
}
