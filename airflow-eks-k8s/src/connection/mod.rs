//! The connection to a cluster, made when it is first needed.

mod patience;
mod tokens;

use std::sync::Arc;
use std::time::{Duration, Instant};

use airflow_eks_core::engine::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kube::client::ClientBuilder;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use tokio::sync::Mutex;
use tower::buffer::Buffer;

use crate::access::{Access, ClusterCredentials, Endpoint};
use crate::error;
use patience::{Manners, Patient};
use tokens::Tokens;

/// How long the first answer of a cluster is waited for: one that was there before answers at once, the name and the access
/// of one that was just made may take a while to be known everywhere.
const FIRST_ANSWER: Duration = Duration::from_secs(4);
const FIRST_ANSWER_OF_A_NEW_ONE: Duration = Duration::from_secs(120);
/// How long "there is no cluster" is taken for an answer.
const NONE_YET: Duration = Duration::from_secs(2);
/// More than there ever are under way.
const WAITING_AT_MOST: usize = 1024;
const CONNECT: Duration = Duration::from_secs(20);

/// The connection to a cluster, made when it is first needed.
pub(crate) struct Connection {
    access: Access,
    made: Mutex<Made>,
}

enum Made {
    NotYet,
    NoCluster(Instant),
    Yes(Client),
}

impl Connection {
    pub(crate) fn new(access: Access) -> Self {
        Self { access, made: Mutex::new(Made::NotYet) }
    }

    /// How the cluster is reached.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The client; nothing while there is no cluster.
    pub(crate) async fn client(&self) -> Result<Option<Client>, Failure> {
        let mut made = self.made.lock().await;
        match &*made {
            Made::Yes(client) => return Ok(Some(client.clone())),
            Made::NoCluster(since) if since.elapsed() < NONE_YET => return Ok(None),
            _ => {}
        }
        let client = match &self.access {
            Access::Kubeconfig { file, context } => {
                let config = from_kubeconfig(file.as_deref(), context.as_ref()).await?;
                Some(connect(config, Manners::new(FIRST_ANSWER, None))?)
            }
            Access::Cluster(credentials) => match credentials.endpoint().await? {
                Some(endpoint) => Some(to_endpoint(&endpoint, credentials)?),
                None => None,
            },
        };
        *made = client.clone().map_or_else(|| Made::NoCluster(Instant::now()), Made::Yes);
        Ok(client)
    }
}

async fn from_kubeconfig(
    file: Option<&std::path::Path>,
    context: Option<&String>,
) -> Result<Config, Failure> {
    let options = KubeConfigOptions { context: context.cloned(), ..KubeConfigOptions::default() };
    let config = match file {
        Some(file) => match Kubeconfig::read_from(file) {
            Ok(kubeconfig) => Config::from_custom_kubeconfig(kubeconfig, &options).await,
            Err(error) => Err(error),
        },
        None => Config::from_kubeconfig(&options).await,
    };
    config.map_err(|error| Failure {
        resource: file
            .map_or_else(|| "kubeconfig".to_owned(), |file| format!("kubeconfig {}", file.display())),
        operation: "read".to_owned(),
        code: None,
        message: error.to_string(),
        hint: Some("say which with `--kubeconfig` and `--context`, or set KUBECONFIG".to_owned()),
    })
}

fn to_endpoint(endpoint: &Endpoint, credentials: &Arc<dyn ClusterCredentials>) -> Result<Client, Failure> {
    let url = endpoint.url.parse().map_err(|_| unusable(format!("`{}` is no URL", endpoint.url)))?;
    let mut config = Config::new(url);
    let pem = STANDARD.decode(endpoint.certificate_authority.trim()).ok();
    let certificates = pem.as_deref().and_then(certificates);
    let no_certificate = || unusable("its certificate authority is no PEM in base64".to_owned());
    config.root_cert = Some(certificates.ok_or_else(no_certificate)?);
    connect(config, Manners::new(FIRST_ANSWER_OF_A_NEW_ONE, Some(Tokens::new(Arc::clone(credentials)))))
}

/// The certificates in a PEM file, as DER. See <https://www.rfc-editor.org/rfc/rfc7468>.
fn certificates(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    let text = std::str::from_utf8(pem).ok()?;
    let parts = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let found: Option<Vec<Vec<u8>>> = parts
        .map(|part| {
            let (base64, _) = part.split_once("-----END CERTIFICATE-----")?;
            STANDARD.decode(base64.split_whitespace().collect::<String>()).ok()
        })
        .collect();
    found.filter(|found| !found.is_empty())
}

fn unusable(message: String) -> Failure {
    Failure {
        resource: "the cluster".to_owned(),
        operation: "connect".to_owned(),
        code: None,
        message,
        hint: None,
    }
}

/// Every request goes over HTTP/1.1: many connections are quicker than one of HTTP/2.
fn connect(mut config: Config, manners: Manners) -> Result<Client, Failure> {
    config.connect_timeout = Some(CONNECT);
    config.default_retry = false;
    let manners = Arc::new(manners);
    let patient = tower::layer::layer_fn(|service| {
        Patient::new(Buffer::new(service, WAITING_AT_MOST), Arc::clone(&manners))
    });
    let builder = ClientBuilder::try_from(config)
        .map_err(|error| error::failure("the cluster", "connect", &error::Error::Failed(error)))?;
    Ok(builder.with_layer(&patient).build())
}
