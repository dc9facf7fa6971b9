//! The nodes, what KWOK does on them, and what it does in place of controllers that do not run here.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{Error, Kubectl, RunDirectory, containers, unique_namespace};

const READY_WITHIN: Duration = Duration::from_secs(60);
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/nodes");

/// Has KWOK know what to do, and makes the nodes. KWOK's own definitions have to be served.
pub(crate) fn install(kubectl: &Kubectl, directory: &RunDirectory) -> Result<(), Error> {
    containers::install_default_log(kubectl, directory)?;
    let mut apply = kubectl.command();
    apply.args(["apply", "--server-side", "--filename"]).arg(format!("{FOLDER}/stages"));
    crate::kubectl::output(&mut apply, "tell KWOK its stages")?;
    let mut create = kubectl.command();
    // Created, because server-side apply takes no status.
    create.args(["create", "--filename"]).arg(format!("{FOLDER}/nodes.yaml"));
    crate::kubectl::output(&mut create, "create the nodes").map(drop)
}

/// KWOK looks for the kinds of its stages whenever a stage changes, and only then.
pub(crate) fn touch_stages(kubectl: &Kubectl) -> Result<(), Error> {
    let mark = format!("testbed.airflow-eks/touched={}", unique_namespace("at"));
    let arguments = ["annotate", "stages.kwok.x-k8s.io", "--all", "--overwrite", &mark];
    kubectl.run("have KWOK look for new kinds", &arguments).map(drop)
}

/// Waits until pods can be placed: every node is ready and nothing keeps pods off it.
pub(crate) fn wait_until_ready(kubectl: &Kubectl) -> Result<(), Error> {
    let template =
        r#"{range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {.spec.taints}{"\n"}{end}"#;
    let output = format!("--output=jsonpath={template}");
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        let nodes = kubectl.run("look at the nodes", &["get", "nodes", &output])?;
        if are_ready(&nodes) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(Error::NodesNotReady { nodes });
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Whether each line says that a node is ready and has no taint.
fn are_ready(nodes: &str) -> bool {
    !nodes.is_empty() && nodes.lines().all(|line| line.trim() == "True")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_ready_without_a_taint_only() {
        assert!(are_ready("True \nTrue \n"));
        assert!(!are_ready("True [{\"key\":\"node.kubernetes.io/not-ready\"}]\n"));
        assert!(!are_ready("False \n"));
        assert!(!are_ready(""));
    }
}
