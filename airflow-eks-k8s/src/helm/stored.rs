//! What `helm` keeps of a release: a Secret for each revision.
//!
//! Each holds base64 of gzip of JSON. See <https://helm.sh/docs/topics/kubernetes_apis> and
//! <https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go>.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::time::SystemTime;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{ListParams, PostParams};
use kube::{Api, Client, ResourceExt as _};
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::{because, code, of_kube};
use super::manifest::{self, Objects};

/// Under this key the Secret holds the release.
const KEY: &str = "release";

/// A revision, as the labels of its Secret tell.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) revision: u64,
    pub(super) status: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) created: Option<SystemTime>,
    pub(super) secret: String,
}

/// What a revision is made of.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Revision {
    #[serde(default)]
    config: Option<Value>,
    #[serde(default)]
    pub(super) manifest: String,
    #[serde(default)]
    hooks: Option<Vec<Hook>>,
    chart: Chart,
    /// Helm 4 says so; earlier ones never apply on the server's side.
    #[serde(default)]
    apply_method: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Hook {
    #[serde(default)]
    manifest: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Chart {
    metadata: ChartMetadata,
}

#[derive(Debug, Clone, Deserialize)]
struct ChartMetadata {
    name: String,
    version: String,
}

impl Revision {
    pub(super) fn values(&self) -> Value {
        self.config.clone().unwrap_or_else(|| json!({}))
    }

    pub(super) fn chart_name(&self) -> &str {
        &self.chart.metadata.name
    }

    pub(super) fn chart_version(&self) -> &str {
        &self.chart.metadata.version
    }

    /// Its objects, and those of its hooks.
    pub(super) fn objects_and_hooks(&self) -> Result<Objects, String> {
        let mut objects = manifest::objects(&self.manifest)?;
        for hook in self.hooks.iter().flatten() {
            objects.extend(manifest::objects(&hook.manifest)?);
        }
        Ok(objects)
    }

    pub(super) fn is_applied_by_server(&self) -> bool {
        self.apply_method == "ssa"
    }
}

impl Entry {
    pub(super) fn is_pending(&self) -> bool {
        self.status.starts_with("pending-")
    }

    fn of(name: &str, labels: BTreeMap<String, String>, created: Option<SystemTime>) -> Option<Self> {
        let revision = labels.get("version")?.parse().ok()?;
        let status = labels.get("status")?.clone();
        Some(Self { revision, status, labels, created, secret: name.to_owned() })
    }
}

/// The revisions of a release, the oldest first. Nothing of their content is read.
pub(super) async fn history(client: &Client, id: &ReleaseId) -> Result<Vec<Entry>, Failure> {
    let parameters = ListParams::default().labels(&format!("owner=helm,name={}", id.name));
    let secrets = secrets(client, id).list_metadata(&parameters).await;
    let secrets = secrets.map_err(|error| of_kube(id, "list its Secrets", error))?;
    let mut entries: Vec<_> = secrets
        .items
        .iter()
        .filter_map(|secret| {
            let created = secret.creation_timestamp().map(|time| time.0.into());
            Entry::of(&secret.name_any(), secret.labels().clone(), created)
        })
        .collect();
    entries.sort_by_key(|entry| entry.revision);
    Ok(entries)
}

/// The content of a revision; nothing where it is gone by now.
pub(super) async fn read(
    client: &Client,
    id: &ReleaseId,
    entry: &Entry,
) -> Result<Option<Revision>, Failure> {
    let Some(secret) = get(client, id, entry).await? else { return Ok(None) };
    let revision =
        decoded(&secret).and_then(|value| serde_json::from_value(value).map_err(|error| error.to_string()));
    revision.map(Some).map_err(|error| unreadable(id, entry, &error))
}

/// Says of a pending revision that it has failed, which ends the lock that it is. Gives whether it was still as it was read.
pub(super) async fn mark_as_failed(
    client: &Client,
    id: &ReleaseId,
    entry: &Entry,
    why: &str,
) -> Result<bool, Failure> {
    let Some(mut secret) = get(client, id, entry).await? else { return Ok(false) };
    let status = |secret: &Secret| secret.labels().get("status").cloned();
    if status(&secret).as_ref() != Some(&entry.status) {
        return Ok(false);
    }
    let mut release = decoded(&secret).map_err(|error| unreadable(id, entry, &error))?;
    if let Some(Value::Object(info)) = release.get_mut("info") {
        info.insert("status".to_owned(), json!("failed"));
        info.insert("description".to_owned(), json!(why));
    }
    let encoded = encoded(&release).map_err(|error| unreadable(id, entry, &error))?;
    secret.data.get_or_insert_default().insert(KEY.to_owned(), ByteString(encoded));
    secret.labels_mut().insert("status".to_owned(), "failed".to_owned());
    // The Secret carries the version that was read: whoever has changed it since wins.
    match secrets(client, id).replace(&entry.secret, &PostParams::default(), &secret).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(code(&error), Some(404 | 409)) => Ok(false),
        Err(error) => Err(of_kube(id, &format!("mark revision {} as failed", entry.revision), error)),
    }
}

pub(super) fn secrets(client: &Client, id: &ReleaseId) -> Api<Secret> {
    Api::namespaced(client.clone(), &id.namespace)
}

async fn get(client: &Client, id: &ReleaseId, entry: &Entry) -> Result<Option<Secret>, Failure> {
    let secret = secrets(client, id).get_opt(&entry.secret).await;
    secret.map_err(|error| of_kube(id, &format!("read revision {}", entry.revision), error))
}

fn unreadable(id: &ReleaseId, entry: &Entry, error: &str) -> Failure {
    because(
        id,
        &format!("read revision {}", entry.revision),
        format!("Secret {} is malformed: {error}", entry.secret),
    )
}

fn decoded(secret: &Secret) -> Result<Value, String> {
    let data = secret.data.as_ref().and_then(|data| data.get(KEY)).ok_or("it has no `release`")?;
    let bytes = STANDARD.decode(&data.0).map_err(|error| error.to_string())?;
    let mut json = Vec::new();
    // Very old versions of Helm did not compress.
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut json).map_err(|error| error.to_string())?;
    } else {
        json = bytes;
    }
    serde_json::from_slice(&json).map_err(|error| error.to_string())
}

fn encoded(release: &Value) -> Result<Vec<u8>, String> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(release.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let bytes = gzip.finish().map_err(|error| error.to_string())?;
    Ok(STANDARD.encode(bytes).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let release = json!({ "name": "r", "info": { "status": "deployed" } });
        let data = BTreeMap::from([(KEY.to_owned(), ByteString(encoded(&release).unwrap()))]);
        let secret = Secret { data: Some(data), ..Secret::default() };
        assert_eq!(decoded(&secret).unwrap(), release);
        assert_eq!(decoded(&Secret::default()).unwrap_err(), "it has no `release`");
    }
}
