//! Why something is not ready, in one screen: from a workload to its pods, claims, logs and events.
//!
//! What is told comes from outside (messages of controllers, logs of containers), so it is cleaned and cut. Values of
//! environment variables and of Secrets are never among it.

mod claim;
mod cluster;
mod conditions;
mod container;
mod events;
mod lines;
mod logs;
mod pod;
mod spark;
mod workload;

use std::time::Duration;

use kube::Client;
use serde_json::Value;
use tokio::time::timeout;

use self::{cluster::Cluster, lines::Lines};
use crate::live::{group, kind};

/// How long is asked at most: the person has waited already.
const TIME: Duration = Duration::from_secs(15);

/// What a person needs to know about an object that is not ready: at most 25 lines, the most telling first. Lines of
/// logs begin with two spaces and a bar.
pub async fn explain(client: Client, live: &Value) -> Vec<String> {
    let mut lines = Lines::default();
    if timeout(TIME, tell(&Cluster::new(client), live, &mut lines)).await.is_err() {
        lines.push("the API server did not tell more in time");
    }
    lines.into_texts()
}

async fn tell(cluster: &Cluster, live: &Value, lines: &mut Lines) {
    match (group(live), kind(live)) {
        ("apps", "Deployment") => workload::deployment(cluster, live, lines).await,
        ("apps", "ReplicaSet" | "StatefulSet" | "DaemonSet") | ("batch", "Job") => {
            workload::pods_of(cluster, live, &[], lines).await;
            events::tell(cluster, live, lines).await;
            workload::tell_of_silence(live, lines);
        }
        ("", "Pod") => pod::tell(cluster, live, lines).await,
        ("", "PersistentVolumeClaim") => claim::tell(cluster, live, lines).await,
        ("sparkoperator.k8s.io", "SparkApplication") => spark::tell(cluster, live, lines).await,
        _ => {
            conditions::tell(live, lines);
            events::tell(cluster, live, lines).await;
        }
    }
}
