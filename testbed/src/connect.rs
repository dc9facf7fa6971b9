//! How a test gets at the test bed.

use std::path::Path;

use crate::{Error, Helm, Kubectl, RunDirectory, Server, State, aws, containers, nodes};

/// The running test bed, as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestBed {
    directory: RunDirectory,
    state: State,
    kubectl: Kubectl,
}

impl TestBed {
    /// Finds the running test bed.
    ///
    /// `KUBECONFIG` is deliberately not asked: on a developer's machine it may point at a real cluster, and tests
    /// write to what they find here. `AIRFLOW_EKS_TESTBED` names another run directory than `.testbed`.
    ///
    /// # Errors
    /// [`Error::NotRunning`], which says how to start it.
    pub fn connect() -> Result<Self, Error> {
        Self::connect_to(RunDirectory::find())
    }

    /// Finds the test bed of a run directory.
    ///
    /// # Errors
    /// See [`TestBed::connect`].
    pub fn connect_to(directory: RunDirectory) -> Result<Self, Error> {
        match State::read(&directory)? {
            Some(state) if state.ready && state.servers.iter().all(|record| record.process.is_running()) => {
                Ok(Self::of_state(directory, state))
            }
            _ => Err(Error::NotRunning { run_directory: directory.path().into() }),
        }
    }

    pub(crate) fn of_state(directory: RunDirectory, state: State) -> Self {
        let kubectl = Kubectl::new(&state.kubectl, &directory);
        Self { directory, state, kubectl }
    }

    /// The kubeconfig of a member of `system:masters`.
    #[must_use]
    pub fn kubeconfig_path(&self) -> &Path {
        &self.state.kubeconfig
    }

    /// The program `kubectl` of the same release as the API server. [`TestBed::kubectl`] is the safer way to run it.
    #[must_use]
    pub fn kubectl_path(&self) -> &Path {
        &self.state.kubectl
    }

    /// `kubectl`, bound to this test bed.
    #[must_use]
    pub fn kubectl(&self) -> &Kubectl {
        &self.kubectl
    }

    /// The `kubectl` that users have, bound to this test bed.
    #[must_use]
    pub fn released_kubectl(&self) -> Kubectl {
        Kubectl::new(&self.state.released_kubectl, &self.directory)
    }

    /// Helm 4, bound to this test bed.
    #[must_use]
    pub fn helm(&self) -> Helm {
        Helm::new(&self.state.helm, &self.directory)
    }

    /// Has every container of a pod say some lines, which `kubectl logs` then shows; other containers say something
    /// of the test bed's own.
    ///
    /// # Errors
    /// The lines cannot be written, or KWOK cannot be told.
    pub fn set_log(&self, namespace: &str, pod: &str, lines: &[&str]) -> Result<(), Error> {
        containers::set_log(&self.kubectl, &self.directory, namespace, pod, lines)
    }

    /// Has a port of every pod of a namespace lead to a port of this machine, which `kubectl port-forward` then
    /// reaches; to other ports nothing listens.
    ///
    /// # Errors
    /// KWOK cannot be told.
    pub fn forward_port(&self, namespace: &str, container_port: u16, local_port: u16) -> Result<(), Error> {
        containers::forward_port(&self.kubectl, namespace, container_port, local_port)
    }

    /// Has KWOK play the controllers of kinds that were defined since it started, such as by a chart.
    ///
    /// # Errors
    /// KWOK's stages cannot be touched.
    pub fn play_new_kinds(&self) -> Result<(), Error> {
        nodes::touch_stages(&self.kubectl)
    }

    /// The version that the API server reports, such as `v1.35.8`.
    #[must_use]
    pub fn kubernetes_version(&self) -> &str {
        &self.state.kubernetes_version
    }

    /// The port of its stand-in for AWS; an older test bed has none.
    pub(crate) fn aws_port(&self) -> Option<u16> {
        let record = self.state.servers.iter().find(|record| record.server == Server::AwsStandIn);
        record.map(|record| record.port)
    }

    /// The environment variables for programs and shells that are to use this test bed: `KUBECONFIG`, and
    /// `AWS_ENDPOINT_URL` with credentials that mean nothing elsewhere.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.display().to_string();
        let mut variables = vec![
            ("KUBECONFIG", text(self.kubeconfig_path())),
            ("KUBECACHEDIR", text(&self.directory.kubectl_cache())),
            ("AIRFLOW_EKS_KUBECTL", text(self.kubectl_path())),
            ("AIRFLOW_EKS_HELM", text(&self.state.helm)),
            (RunDirectory::VARIABLE, text(self.directory.path())),
        ];
        if let Some(port) = self.aws_port() {
            variables.extend(aws::environment(&Server::AwsStandIn.url(port), aws::DEFAULT_ACCOUNT));
        }
        variables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_test_bed_the_error_says_how_to_start_one() {
        let error = TestBed::connect_to(RunDirectory::at("/nonexistent/testbed")).unwrap_err().to_string();
        assert!(
            error.contains("run `cargo xtask testbed up`, or run everything with `cargo xtask test`"),
            "{error}"
        );
    }
}
