//! What a client can reach: nothing but server-side apply, over as many connections of HTTP/1.1 as an API server gains from.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Request;
use http::header::CONTENT_TYPE;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::Value;

use crate::Result;

const CONNECTIONS: usize = 16;

/// Makes that many objects.
pub(crate) async fn create(kubeconfig: &Path, count: usize) -> Result<()> {
    let kubeconfig = Kubeconfig::read_from(kubeconfig)?;
    let mut config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    config.default_retry = false;
    let client = Client::try_from(config)?;
    let requests: Vec<(String, Vec<u8>)> = airflow_eks_benches::objects(count)
        .into_iter()
        .map(|object| object.resolved(&|late| late.name()))
        .map(|body| (path(&body), body.to_string().into_bytes()))
        .collect();
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(work(client.clone(), Arc::clone(&requests), Arc::clone(&next))))
        .collect();
    for worker in workers {
        worker.await??;
    }
    Ok(())
}

async fn work(client: Client, requests: Arc<Vec<(String, Vec<u8>)>>, next: Arc<AtomicUsize>) -> Result<()> {
    while let Some((path, body)) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let request = Request::patch(path)
            .header(CONTENT_TYPE, "application/apply-patch+yaml")
            .body(Body::from(body.clone()))?;
        let answer = client.send(request).await?;
        let status = answer.status();
        let bytes = answer.into_body().collect_bytes().await?;
        if !status.is_success() {
            return Err(format!("{path}: {status}: {}", String::from_utf8_lossy(&bytes)).into());
        }
    }
    Ok(())
}

fn path(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let version = text("/apiVersion");
    let root = if version.contains('/') { "/apis" } else { "/api" };
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    let plural = format!("{}s", text("/kind").to_lowercase());
    format!("{root}/{version}/namespaces/{namespace}/{plural}/{name}?fieldManager=bare&force=true")
}
