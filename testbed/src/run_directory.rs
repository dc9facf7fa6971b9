//! The folder of a running test bed: every path in it is named here.

use std::{
    env, fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use crate::{Error, error::file_error};

/// The folder with the state, logs, data and credentials of one test bed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDirectory(PathBuf);

impl RunDirectory {
    /// The environment variable that names another folder.
    pub const VARIABLE: &str = "AIRFLOW_EKS_TESTBED";

    /// The folder that `AIRFLOW_EKS_TESTBED` names, else `.testbed` at the root of this repository.
    #[must_use]
    pub fn find() -> Self {
        let named = env::var_os(Self::VARIABLE).filter(|value| !value.is_empty());
        let path = named
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(".testbed"), PathBuf::from);
        // It goes into the state and into kubeconfigs, which are read by programs that run elsewhere.
        Self(std::path::absolute(&path).unwrap_or(path))
    }

    /// The folder at a given path, which should be absolute.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The kubeconfig of a member of `system:masters`.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.0.join("kubeconfig")
    }

    /// The folder where `kubectl` may keep what it learns about this API server. The default one outlives the test
    /// bed, and is keyed by a port that the next test bed may get.
    #[must_use]
    pub fn kubectl_cache(&self) -> PathBuf {
        self.0.join("kubectl-cache")
    }

    /// Where it is written what containers say.
    pub(crate) fn container_logs(&self) -> PathBuf {
        self.0.join("container-logs")
    }

    /// What Helm keeps: its caches, configuration and data.
    pub(crate) fn helm(&self, kind: &str) -> PathBuf {
        self.0.join("helm").join(kind)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.0.join("state.json")
    }

    pub(crate) fn kubeconfig_of(&self, user: &str) -> PathBuf {
        self.0.join(format!("{}.kubeconfig", user.replace(':', "-")))
    }

    pub(crate) fn tokens(&self) -> PathBuf {
        self.0.join("tokens.csv")
    }

    pub(crate) fn etcd_data(&self) -> PathBuf {
        self.0.join("etcd-data")
    }

    pub(crate) fn certificates(&self) -> PathBuf {
        self.0.join("certificates")
    }

    /// The serving certificate of the API server, followed by its issuer. kube-apiserver chooses the name.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.certificates().join("apiserver.crt")
    }

    /// The key of that certificate. It signs service account tokens too.
    pub(crate) fn private_key(&self) -> PathBuf {
        self.certificates().join("apiserver.key")
    }

    pub(crate) fn log(&self, server: crate::Server) -> PathBuf {
        self.0.join(format!("{}.log", server.name()))
    }

    /// Creates the folder, closed to other users because it holds credentials.
    pub(crate) fn create(&self) -> Result<(), Error> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
            .map_err(file_error("create the run directory", &self.0))
    }

    /// Removes the folder and all in it, if it exists. One that holds something and is not a test bed's stays: the
    /// environment variable may name any folder.
    pub(crate) fn remove(&self) -> Result<(), Error> {
        let Ok(mut entries) = fs::read_dir(&self.0) else { return Ok(()) };
        if entries.next().is_some() && !self.state().exists() {
            return Err(Error::NotARunDirectory { folder: self.0.clone() });
        }
        fs::remove_dir_all(&self.0).map_err(file_error("remove the run directory", &self.0))
    }

    /// Keeps every other `up` and `down` on this folder waiting for as long as the result lives. The lock is on the
    /// parent folder, because the run directory itself comes and goes.
    pub(crate) fn lock(&self) -> Result<fs::File, Error> {
        let parent = self.0.parent().unwrap_or(&self.0);
        fs::create_dir_all(parent).map_err(file_error("create", parent))?;
        let folder = fs::File::open(parent).map_err(file_error("open", parent))?;
        folder.lock().map_err(file_error("lock", parent))?;
        Ok(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_something_else_is_never_removed() {
        let folder = env::temp_dir().join(format!("airflow-eks-testbed-keep-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("thesis.txt"), "years of work").unwrap();
        let directory = RunDirectory::at(&folder);

        assert!(matches!(directory.remove(), Err(Error::NotARunDirectory { .. })));
        assert!(folder.join("thesis.txt").exists());

        fs::write(directory.state(), "{}").unwrap();
        directory.remove().unwrap();
        assert!(!folder.exists());
        directory.remove().unwrap();
    }
}
