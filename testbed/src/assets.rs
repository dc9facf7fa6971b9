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
    /// The folder of the Go module that pins it.
    pub(crate) module: &'static str,
}

const fn kubernetes(name: &'static str, package: &'static str) -> Binary {
    Binary { name, package, module: go::KUBERNETES_MODULE }
}

const fn nodes(name: &'static str, package: &'static str) -> Binary {
    Binary { name, package, module: go::NODES_MODULE }
}

/// The programs of the control plane, the quick ones to build first.
const BINARIES: [Binary; 5] = [
    kubernetes("etcd", "go.etcd.io/etcd/server/v3"),
    kubernetes("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
    kubernetes("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"),
    kubernetes("kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
    kubernetes("kubectl", "k8s.io/kubernetes/cmd/kubectl"),
];

/// What stands in for nodes, drivers and a registry; always built.
const NODES_BINARIES: [Binary; 3] = [
    nodes("kwok", "sigs.k8s.io/kwok/cmd/kwok"),
    nodes("volume-provisioner", "./volume-provisioner"),
    nodes("registry", "github.com/google/go-containerregistry/cmd/registry"),
];

/// The folders that hold every program of the control plane and of the nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    kubernetes: PathBuf,
    nodes: PathBuf,
}

impl Assets {
    /// The folder of `KUBEBUILDER_ASSETS` if that is set; else the user's cache, which is filled first if it is not
    /// complete: with the upstream release where the internet is reachable, else by building it, which takes minutes.
    /// What stands in for nodes is always in the cache.
    ///
    /// # Errors
    /// The folder of the variable lacks a program, or a program could neither be downloaded nor built.
    pub fn find(progress: Progress<'_>) -> Result<Self, Error> {
        let kubernetes = match env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            Some(folder) => complete(PathBuf::from(folder))?,
            None => filled(cache::root().join(versions::cache_key()), &BINARIES, progress)?,
        };
        let nodes = filled(cache::root().join(versions::nodes_cache_key()), &NODES_BINARIES, progress)?;
        Ok(Self { kubernetes, nodes })
    }

    /// The path of a program.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        let folder = if NODES_BINARIES.iter().any(|binary| binary.name == name) {
            &self.nodes
        } else {
            &self.kubernetes
        };
        folder.join(name)
    }
}

/// The folder of the variable, if it has every program of the control plane.
fn complete(folder: PathBuf) -> Result<PathBuf, Error> {
    match missing(&folder, &BINARIES).first() {
        Some(binary) => Err(Error::MissingAsset { folder, binary: binary.name }),
        None => Ok(folder),
    }
}

fn missing(folder: &Path, wanted: &'static [Binary]) -> Vec<&'static Binary> {
    wanted.iter().filter(|binary| !folder.join(binary.name).is_file()).collect()
}

/// The folder, with every program in it.
fn filled(folder: PathBuf, wanted: &'static [Binary], progress: Progress<'_>) -> Result<PathBuf, Error> {
    fill(&folder, wanted, progress).map(|()| folder)
}

fn fill(folder: &Path, wanted: &'static [Binary], progress: Progress<'_>) -> Result<(), Error> {
    if missing(folder, wanted).is_empty() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(file_error("create", folder))?;
    let _lock = cache::lock(folder.join("lock"), "the programs of the test bed", progress)?;
    // Looked at again: whoever held the lock may have built what was missing.
    let missing = missing(folder, wanted);
    let count = missing.len();
    let is_released = missing.iter().any(|binary| binary.module == go::KUBERNETES_MODULE);
    let released = is_released && UPSTREAM.are_reachable();
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

        let error = complete(folder.clone()).unwrap_err();
        assert!(error.to_string().contains("has no `kubectl`"), "{error}");

        fs::write(folder.join("kubectl"), "").unwrap();
        assert_eq!(complete(folder.clone()).unwrap(), folder);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn each_program_is_looked_for_where_it_is_kept() {
        let assets = Assets { kubernetes: "/kubernetes".into(), nodes: "/nodes".into() };
        assert_eq!(assets.program("etcd"), Path::new("/kubernetes/etcd"));
        assert_eq!(assets.program("kwok"), Path::new("/nodes/kwok"));
    }
}
