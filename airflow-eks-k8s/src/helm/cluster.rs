//! How `helm` gets at the cluster.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use airflow_eks_core::engine::{Failure, SecretText};
use futures::future::BoxFuture;
use serde_json::json;
use tempfile::{NamedTempFile, TempDir};

use super::failure::because;

/// Well within the 14 minutes that a token of EKS lasts. `helm` reads the file of a token once a minute.
const NEW_TOKEN_EVERY: Duration = Duration::from_secs(5 * 60);

/// How `helm` gets at the cluster. It has to be the same one that the client of [`Releases`](super::Releases) talks to.
#[derive(Clone)]
pub enum Access {
    /// As kubectl does.
    Kubeconfig {
        /// The file; `KUBECONFIG` or `~/.kube/config` where there is none.
        file: Option<PathBuf>,
        /// The context; the file's current one where there is none.
        context: Option<String>,
    },
    /// Through tokens that are asked for again and again.
    Login(Arc<dyn ClusterLogin>),
}

/// Gives tokens for a cluster.
pub trait ClusterLogin: Send + Sync {
    /// A token that lasts some minutes, and where it counts.
    ///
    /// # Errors
    /// There is none to be had.
    fn login(&self) -> BoxFuture<'_, Result<Login, Failure>>;
}

/// A token, and where it counts.
#[derive(Debug, Clone)]
pub struct Login {
    /// The URL of the API server.
    pub url: String,
    /// Its certificate authority: PEM in base64.
    pub certificate_authority: String,
    /// The token.
    pub token: SecretText,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kubeconfig { file, context } => {
                f.debug_struct("Kubeconfig").field("file", file).field("context", context).finish()
            }
            Self::Login(_) => f.write_str("Login"),
        }
    }
}

/// The arguments for one call, and the files behind them, which only this user can read and which go with it.
pub(super) struct Files {
    pub(super) arguments: Vec<String>,
    kept_fresh: Option<(TempDir, Arc<dyn ClusterLogin>)>,
}

impl Access {
    pub(super) async fn files(&self) -> Result<Files, Failure> {
        match self {
            Self::Kubeconfig { file, context } => {
                let file = file.iter().map(|file| format!("--kubeconfig={}", file.display()));
                let context = context.iter().map(|context| format!("--kube-context={context}"));
                Ok(Files { arguments: file.chain(context).collect(), kept_fresh: None })
            }
            Self::Login(login) => {
                let told = login.login().await?;
                let folder = tempfile::tempdir().map_err(cannot_write)?;
                write(&folder, "token", told.token.expose().as_bytes())?;
                let token = folder.path().join("token");
                write(&folder, "kubeconfig", kubeconfig(&told, &token.to_string_lossy()).as_bytes())?;
                let kubeconfig = folder.path().join("kubeconfig");
                let arguments = vec![format!("--kubeconfig={}", kubeconfig.display())];
                Ok(Files { arguments, kept_fresh: Some((folder, Arc::clone(login))) })
            }
        }
    }
}

impl Files {
    /// Never ends, unless a new token cannot be had.
    pub(super) async fn keep_fresh(&self) -> Failure {
        let Some((folder, login)) = &self.kept_fresh else { return std::future::pending().await };
        loop {
            tokio::time::sleep(NEW_TOKEN_EVERY).await;
            let written = match login.login().await {
                Ok(told) => write(folder, "token", told.token.expose().as_bytes()),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = written {
                return failure;
            }
        }
    }
}

/// JSON is YAML.
fn kubeconfig(login: &Login, token_file: &str) -> String {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "stack",
        "clusters": [{ "name": "stack", "cluster": {
            "server": login.url, "certificate-authority-data": login.certificate_authority,
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
