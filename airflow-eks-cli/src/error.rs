//! What can go wrong, and which exit status tells it.

use std::path::PathBuf;
use std::process::ExitCode;

use airflow_eks_core::Problems;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The stack is wrong.
    #[error("{}", count(.0.len()))]
    Stack(Problems),
    /// Something given on the command line is wrong.
    #[error("{message}")]
    Input { message: String, hint: String },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    /// Something would have been lost, or is not ours.
    #[error("{message}")]
    Refused { message: String, hint: String },
    /// It failed on the way.
    #[cfg(feature = "k8s")]
    #[error("{message}")]
    Failed { message: String, hint: Option<String> },
}

fn count(problems: usize) -> String {
    if problems == 1 {
        "the stack has one problem".to_owned()
    } else {
        format!("the stack has {problems} problems")
    }
}

#[cfg(feature = "k8s")]
impl From<airflow_eks_core::engine::Failure> for Error {
    fn from(failure: airflow_eks_core::engine::Failure) -> Self {
        Self::Failed { message: failure.to_string(), hint: failure.hint }
    }
}

impl Error {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&str> {
        match self {
            Self::Input { hint, .. } | Self::Refused { hint, .. } => Some(hint),
            #[cfg(feature = "k8s")]
            Self::Failed { hint, .. } => hint.as_deref(),
            Self::Stack(_) | Self::Read { .. } | Self::Write { .. } => None,
        }
    }

    /// 1: the input is wrong. 3: it failed on the way. 4: refused for safety.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Stack(_) | Self::Input { .. } | Self::Read { .. } => 1,
            Self::Write { .. } => 3,
            #[cfg(feature = "k8s")]
            Self::Failed { .. } => 3,
            Self::Refused { .. } => 4,
        })
    }
}
