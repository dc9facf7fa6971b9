//! The user's `helm`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use tokio::process::Command;

use super::failure::because;

/// Names another program than the `helm` of `PATH`.
const VARIABLE: &str = "AIRFLOW_EKS_HELM";
/// The first version that sets labels of a release: <https://github.com/helm/helm/releases/tag/v3.13.0>; the one after it mends
/// how it did.
const OLDEST: (u64, u64) = (3, 14);
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
const INSTALL: &str =
    "install Helm 4 (https://helm.sh/docs/intro/install), or name one with AIRFLOW_EKS_HELM";

/// A `helm` that is there and new enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    path: PathBuf,
    version: (u64, u64),
}

impl Program {
    /// The `helm` that `AIRFLOW_EKS_HELM` names, or else the one of `PATH`.
    ///
    /// # Errors
    /// There is none, or it is older than 3.14.
    pub async fn find() -> Result<Self, Failure> {
        let named = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        Self::at(named.map_or_else(|| PathBuf::from("helm"), PathBuf::from)).await
    }

    /// The one at a path.
    ///
    /// # Errors
    /// There is none, or it is older than 3.14.
    pub async fn at(path: impl Into<PathBuf>) -> Result<Self, Failure> {
        let path = path.into();
        let failed = |message: String| Failure {
            hint: Some(INSTALL.to_owned()),
            ..because(path.display(), "helm version", message)
        };
        let mut command = Command::new(&path);
        command.args(["version", "--short"]).stdin(Stdio::null()).kill_on_drop(true);
        let output = match tokio::time::timeout(ANSWERS_WITHIN, command.output()).await {
            Ok(Ok(output)) => output,
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(failed("there is no such program, and the stack has Helm releases".to_owned()));
            }
            Ok(Err(error)) => return Err(failed(format!("it cannot be started: {error}"))),
            Err(_) => return Err(failed(format!("no answer within {} s", ANSWERS_WITHIN.as_secs()))),
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let version = major_and_minor(&said).ok_or_else(|| {
            failed(format!("it does not say its version, but `{}`", said.lines().next().unwrap_or_default()))
        })?;
        if version < OLDEST {
            let (major, minor) = version;
            return Err(failed(format!(
                "Helm {major}.{minor} is too old: {}.{} or newer is needed",
                OLDEST.0, OLDEST.1
            )));
        }
        Ok(Self { path, version })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its major version.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.version.0
    }
}

/// Of a text such as `v4.1.4+g05fa379`, and of Helm 2's `Client: v2.17.0+ga690bad`.
fn major_and_minor(said: &str) -> Option<(u64, u64)> {
    let version = said
        .split_whitespace()
        .find_map(|word| word.strip_prefix('v').filter(|v| v.starts_with(|c: char| c.is_ascii_digit())))?;
    let mut numbers = version.split(['.', '+', '-']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_each_helm_says_them() {
        assert_eq!(major_and_minor("v4.1.4+g05fa379\n"), Some((4, 1)));
        assert_eq!(major_and_minor("v3.14.0-rc.1+gabc"), Some((3, 14)));
        assert_eq!(major_and_minor("Client: v2.17.0+ga690bad"), Some((2, 17)));
        assert_eq!(major_and_minor("usage: helm very new"), None);
    }
}
