//! Why a Spark application failed: its driver knows.

use serde_json::Value;

use super::{
    cluster::{Cluster, Kind},
    events,
    lines::Lines,
    pod,
};
use crate::{
    live::{namespace, text},
    refusal::in_words,
};

/// Tells what the operator says, then what the driver's pod says.
pub(super) async fn tell(cluster: &Cluster, application: &Value, lines: &mut Lines) {
    lines.push(text(application, "/status/applicationState/errorMessage"));
    let driver = text(application, "/status/driverInfo/podName");
    if !driver.is_empty() {
        match cluster.get(Kind::Pod, namespace(application), driver).await {
            Ok(Some(found)) => pod::tell(cluster, &found, lines).await,
            Ok(None) => lines.push(&format!("the driver's pod {driver} does not exist any more")),
            Err(error) => {
                lines.push(&format!("the driver's pod {driver} cannot be read: {}", in_words(&error)));
            }
        }
    }
    events::tell(cluster, application, lines).await;
}
