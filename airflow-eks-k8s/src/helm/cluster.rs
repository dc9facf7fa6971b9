//! How `helm` gets at the cluster.

use std::fs;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use serde_json::json;
use tempfile::{NamedTempFile, TempDir};

use super::failure::because;
use crate::access::{Access, ClusterCredentials, Endpoint};

/// Well within the 14 minutes that a token of EKS lasts. `helm` reads the file of a token once a minute.
const NEW_TOKEN_EVERY: Duration = Duration::from_secs(5 * 60);
/// How often, and how many times, a token that could not be had is asked for again.
const TRY_AGAIN: Duration = Duration::from_secs(20);
const TRIES: u32 = 15;

/// The arguments for one call, and the files behind them, which only this user can read and which go with it.
pub(super) struct Files {
    pub(super) arguments: Vec<String>,
    kept_fresh: Option<(TempDir, Arc<dyn ClusterCredentials>)>,
}

/// The files through which `helm` gets at the cluster that the client talks to.
pub(super) async fn files(access: &Access) -> Result<Files, Failure> {
    match access {
        Access::Kubeconfig { file, context } => {
            let file = file.iter().map(|file| format!("--kubeconfig={}", file.display()));
            let context = context.iter().map(|context| format!("--kube-context={context}"));
            Ok(Files { arguments: file.chain(context).collect(), kept_fresh: None })
        }
        Access::Cluster(credentials) => {
            let endpoint = credentials.endpoint().await?;
            let endpoint = endpoint.ok_or_else(|| because("the cluster", "connect", "there is none yet"))?;
            let token = credentials.token().await?;
            let folder = tempfile::tempdir().map_err(cannot_write)?;
            write(&folder, "token", token.text.expose().as_bytes())?;
            let token_file = folder.path().join("token");
            write(&folder, "kubeconfig", kubeconfig(&endpoint, &token_file.to_string_lossy()).as_bytes())?;
            let kubeconfig = folder.path().join("kubeconfig");
            let arguments = vec![format!("--kubeconfig={}", kubeconfig.display())];
            Ok(Files { arguments, kept_fresh: Some((folder, Arc::clone(credentials))) })
        }
    }
}

impl Files {
    /// Never ends, unless a new token cannot be had.
    pub(super) async fn keep_fresh(&self) -> Failure {
        let Some((folder, credentials)) = &self.kept_fresh else { return std::future::pending().await };
        let mut pause = NEW_TOKEN_EVERY;
        let mut failed = 0;
        loop {
            tokio::time::sleep(pause).await;
            let written = match credentials.token().await {
                Ok(token) => write(folder, "token", token.text.expose().as_bytes()),
                Err(failure) => Err(failure),
            };
            match written {
                Ok(()) => (pause, failed) = (NEW_TOKEN_EVERY, 0),
                // The last one is good for some minutes more.
                Err(_) if failed < TRIES => (pause, failed) = (TRY_AGAIN, failed + 1),
                Err(failure) => return failure,
            }
        }
    }
}

/// JSON is YAML.
fn kubeconfig(endpoint: &Endpoint, token_file: &str) -> String {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "stack",
        "clusters": [{ "name": "stack", "cluster": {
            "server": endpoint.url, "certificate-authority-data": endpoint.certificate_authority,
        } }],
        "users": [{ "name": "stack", "user": { "tokenFile": token_file } }],
        "contexts": [{ "name": "stack", "context": { "cluster": "stack", "user": "stack" } }],
    })
    .to_string()
}

/// Files of this library are readable by nobody else, from the moment they are made. Whoever reads sees all of it or the old one.
fn write(folder: &TempDir, name: &str, content: &[u8]) -> Result<(), Failure> {
    let mut file = NamedTempFile::new_in(folder.path()).map_err(cannot_write)?;
    file.write_all(content).map_err(cannot_write)?;
    let (_, path) = file.keep().map_err(|error| cannot_write(error.error))?;
    fs::rename(path, folder.path().join(name)).map_err(cannot_write)
}

fn cannot_write(error: std::io::Error) -> Failure {
    because("the kubeconfig for helm", "write", error)
}
