//! Helm, bound to a test bed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Error, RunDirectory, kubectl};

/// Helm 4 with the kubeconfig of the test bed and folders of its own, whatever the environment of the caller says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helm {
    program: PathBuf,
    directory: RunDirectory,
}

impl Helm {
    pub(crate) fn new(program: &Path, directory: &RunDirectory) -> Self {
        Self { program: program.into(), directory: directory.clone() }
    }

    /// The program itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.program
    }

    /// A command to which arguments can be added and that reports nothing of itself.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", self.directory.kubeconfig());
        for (variable, kind) in
            [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "configuration"), ("HELM_DATA_HOME", "data")]
        {
            command.env(variable, self.directory.helm(kind));
        }
        command
    }

    /// Runs it and gives what it printed.
    ///
    /// # Errors
    /// It cannot be started, or ends with a failure; `operation`, a verb and its object, goes into the message.
    pub fn run(&self, operation: &str, arguments: &[&str]) -> Result<String, Error> {
        kubectl::output(self.command().args(arguments), operation)
    }
}
