//! What the containers of a test say and serve: nothing runs in them, so the test has to tell.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{Error, Kubectl, RunDirectory, error::file_error, kubectl};

/// What every container says for which a test has told nothing.
const DEFAULT_LINES: [&str; 3] = [
    "starting",
    "Traceback (most recent call last):",
    "RuntimeError: this container is made up by the test bed",
];

/// Writes the log of every container for which a test tells nothing.
pub(crate) fn install_default_log(kubectl: &Kubectl, directory: &RunDirectory) -> Result<(), Error> {
    let folder = directory.container_logs();
    fs::create_dir_all(&folder).map_err(file_error("create", &folder))?;
    let file = write_log(&folder, "default", &DEFAULT_LINES)?;
    kubectl.apply("tell KWOK what containers say", &cluster_logs(&file))
}

/// Has every container of a pod say some lines.
pub(crate) fn set_log(
    kubectl: &Kubectl,
    directory: &RunDirectory,
    namespace: &str,
    pod: &str,
    lines: &[&str],
) -> Result<(), Error> {
    let file = write_log(&directory.container_logs(), &format!("{namespace}-{pod}"), lines)?;
    kubectl.apply(&format!("set the log of pod {namespace}/{pod}"), &logs(namespace, pod, &file))
}

/// Has a port of every pod of a namespace lead to a port of this machine.
pub(crate) fn forward_port(
    kubectl: &Kubectl,
    namespace: &str,
    container_port: u16,
    local_port: u16,
) -> Result<(), Error> {
    let forward = json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterPortForward",
        "metadata": { "name": format!("{namespace}-{container_port}") },
        "spec": {
            "selector": { "matchNamespaces": [namespace] },
            "forwards": [{ "ports": [container_port], "target": { "address": "127.0.0.1", "port": local_port } }],
        },
    });
    kubectl.apply(&format!("forward port {container_port} of namespace {namespace}"), &forward)
}

fn cluster_logs(file: &Path) -> Value {
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterLogs",
        "metadata": { "name": "every-other-pod" },
        "spec": { "logs": [{ "logsFile": file, "previousLogsFile": file }] },
    })
}

fn logs(namespace: &str, pod: &str, file: &Path) -> Value {
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Logs",
        "metadata": { "name": pod, "namespace": namespace },
        "spec": { "logs": [{ "logsFile": file, "previousLogsFile": file }] },
    })
}

/// Writes a log as a container runtime does: <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>.
fn write_log(folder: &Path, name: &str, lines: &[&str]) -> Result<PathBuf, Error> {
    let file = folder.join(format!("{name}.log"));
    let text: String =
        lines.iter().map(|line| format!("2026-01-01T00:00:00.000000000Z stdout F {line}\n")).collect();
    fs::write(&file, text).map_err(file_error("write", &file))?;
    Ok(file)
}

impl Kubectl {
    /// Applies one object, server-side.
    fn apply(&self, operation: &str, object: &Value) -> Result<(), Error> {
        let mut command = self.command();
        command.args(["apply", "--server-side", "--force-conflicts", "--filename=-"]);
        kubectl::output_of_input(&mut command, &object.to_string(), operation).map(drop)
    }
}
