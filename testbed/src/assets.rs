//! The programs: where they are found, and where they are kept once they are built.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{Error, Progress, cache, error::file_error, go, release::UPSTREAM, versions};

const VARIABLE: &str = "KUBEBUILDER_ASSETS";

/// A program and the Go package it is built from.
pub(crate) struct Binary {
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
}

/// Every program, the quick ones to build first.
const BINARIES: [Binary; 5] = [
    Binary { name: "etcd", package: "go.etcd.io/etcd/server/v3" },
    Binary { name: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
    Binary { name: "kube-controller-manager", package: "k8s.io/kubernetes/cmd/kube-controller-manager" },
    Binary { name: "kube-scheduler", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
    Binary { name: "kubectl", package: "k8s.io/kubernetes/cmd/kubectl" },
];

/// A folder that holds every program of the control plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    folder: PathBuf,
}

impl Assets {
    /// The folder of `KUBEBUILDER_ASSETS` if that is set; else the user's cache, which is filled first if it is not
    /// complete: with the upstream release where the internet is reachable, else by building it, which takes minutes.
    ///
    /// # Errors
    /// The folder of the variable lacks a program, or a program could neither be downloaded nor built.
    pub fn find(progress: Progress<'_>) -> Result<Self, Error> {
        if let Some(folder) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            return Self::of_variable(PathBuf::from(folder));
        }
        let folder = cache::root().join(versions::cache_key());
        fill(&folder, progress)?;
        Ok(Self { folder })
    }

    fn of_variable(folder: PathBuf) -> Result<Self, Error> {
        match missing(&folder).first() {
            Some(binary) => Err(Error::MissingAsset { folder, binary: binary.name }),
            None => Ok(Self { folder }),
        }
    }

    /// The path of a program.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn missing(folder: &Path) -> Vec<&'static Binary> {
    BINARIES.iter().filter(|binary| !folder.join(binary.name).is_file()).collect()
}

fn fill(folder: &Path, progress: Progress<'_>) -> Result<(), Error> {
    if missing(folder).is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(file_error("create", folder))?;
    let _lock = cache::lock(folder.join("lock"), "the control plane", progress)?;
    // Looked at again: whoever held the lock may have built what was missing.
    let missing = missing(folder);
    let count = missing.len();
    let released = UPSTREAM.are_reachable();
    for (done, binary) in missing.into_iter().enumerate() {
        let position = format!("({} of {count}), once for this machine", done + 1);
        if released {
            progress(&format!("downloading {} {position}", binary.name));
            match UPSTREAM.download(binary.name, folder) {
                Ok(()) => continue,
                Err(error) => progress(&format!("{error}; building it instead")),
            }
        }
        progress(&format!("building {} {position}", binary.name));
        go::build(binary, folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_program_is_refused_by_the_name_of_the_program() {
        let folder = env::temp_dir().join(format!("airflow-eks-assets-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for binary in &BINARIES[..4] {
            fs::write(folder.join(binary.name), "").unwrap();
        }

        let error = Assets::of_variable(folder.clone()).unwrap_err();
        assert!(error.to_string().contains("has no `kubectl`"), "{error}");

        fs::write(folder.join("kubectl"), "").unwrap();
        assert_eq!(Assets::of_variable(folder.clone()).unwrap().program("etcd"), folder.join("etcd"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
