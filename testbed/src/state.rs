//! What is written down about a test bed: the file that `down`, `status` and every test read.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, RunDirectory, Server, error::file_error, ports::Ports, process::Process};

/// A test bed that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Whether the servers came up and every custom resource definition was installed.
    pub ready: bool,
    /// The version of Kubernetes that the API server reports, such as `v1.35.8`; empty until it is ready.
    pub kubernetes_version: String,
    /// The servers started so far, in that order.
    pub servers: Vec<ServerRecord>,
    /// The kubeconfig of a member of `system:masters`.
    pub kubeconfig: PathBuf,
    /// The `kubectl` that belongs to the servers.
    pub kubectl: PathBuf,
    /// The kubectl that users have; empty in the state of an older test bed.
    #[serde(default)]
    pub released_kubectl: PathBuf,
    /// Helm; empty in the state of an older test bed.
    #[serde(default)]
    pub helm: PathBuf,
    pub(crate) ports: Ports,
}

/// A server of a test bed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerRecord {
    /// Which one.
    pub server: Server,
    /// The port on which it answers clients.
    pub port: u16,
    pub(crate) process: Process,
}

impl State {
    /// Reads the state of the test bed in a folder; `None` if nothing was started there.
    ///
    /// # Errors
    /// The file cannot be read, or is not a state of this version.
    pub fn read(directory: &RunDirectory) -> Result<Option<Self>, Error> {
        let path = directory.state();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|source| Error::Json { document: path.display().to_string(), source }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file_error("read", path)(error)),
        }
    }

    pub(crate) fn write(&self, directory: &RunDirectory) -> Result<(), Error> {
        let path = directory.state();
        let text = serde_json::to_vec_pretty(self)
            .map_err(|source| Error::Json { document: path.display().to_string(), source })?;
        // Renamed into place: a test that reads while this writes sees the old state or the new one.
        let unfinished = path.with_extension("json.new");
        fs::write(&unfinished, text).map_err(file_error("write", &unfinished))?;
        fs::rename(&unfinished, &path).map_err(file_error("replace", path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_reads_back_as_it_was_written() {
        let directory =
            RunDirectory::at(std::env::temp_dir().join(format!("airflow-eks-state-{}", std::process::id())));
        assert_eq!(State::read(&directory).unwrap(), None);
        directory.create().unwrap();
        let log = directory.log(Server::Etcd);
        let process = Process::start(std::path::Path::new("/bin/true"), &[], &log).unwrap();
        let state = State {
            ready: true,
            kubernetes_version: "v1.35.8".into(),
            servers: vec![ServerRecord { server: Server::KubeApiserver, port: 7, process }],
            kubeconfig: directory.kubeconfig(),
            kubectl: "/bin/kubectl".into(),
            released_kubectl: "/bin/released-kubectl".into(),
            helm: "/bin/helm".into(),
            ports: Ports::from([1, 2, 3, 4, 5, 6, 7, 8]),
        };
        state.write(&directory).unwrap();
        assert_eq!(State::read(&directory).unwrap(), Some(state));
        directory.remove().unwrap();
    }
}
