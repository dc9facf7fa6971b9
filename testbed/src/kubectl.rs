//! The `kubectl` of the test bed, bound to its API server.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::{Error, RunDirectory, Server};

/// `kubectl` with the kubeconfig of the test bed, whatever the environment of the caller says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
    cache: PathBuf,
}

impl Kubectl {
    pub(crate) fn new(program: &Path, directory: &RunDirectory) -> Self {
        Self { program: program.into(), kubeconfig: directory.kubeconfig(), cache: directory.kubectl_cache() }
    }

    /// A command to which arguments can be added and that reports nothing of itself.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig).env("KUBECACHEDIR", &self.cache);
        command
    }

    /// Runs it and gives what it printed.
    ///
    /// # Errors
    /// It cannot be started, or ends with a failure; `operation`, a verb and its object, goes into the message.
    pub fn run(&self, operation: &str, arguments: &[&str]) -> Result<String, Error> {
        output(self.command().args(arguments), operation)
    }

    /// Asks a server of the test bed whether it is healthy.
    pub(crate) fn ask_health(&self, server: Server, port: u16) -> Result<(), Error> {
        let mut command = self.command();
        if server.speaks_plain_http() {
            // It may start before there is the certificate that the kubeconfig refers to.
            command.arg("--kubeconfig=/dev/null");
        }
        let url = server.url(port);
        command.args(["--request-timeout=5s", "--server", &url, "get", "--raw", server.health_path()]);
        output(&mut command, &format!("ask {} for its health", server.name())).map(drop)
    }

    /// Creates a namespace.
    ///
    /// # Errors
    /// See [`Kubectl::run`].
    pub fn create_namespace(&self, name: &str) -> Result<(), Error> {
        self.run(&format!("create namespace {name}"), &["create", "namespace", name]).map(drop)
    }
}

/// Runs a command to its end and gives what it printed.
pub(crate) fn output(command: &mut Command, operation: &str) -> Result<String, Error> {
    let ended = command.output();
    judge(command, ended, operation)
}

/// The same, with a text on its standard input, which has to fit into a pipe.
pub(crate) fn output_of_input(command: &mut Command, input: &str, operation: &str) -> Result<String, Error> {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = piped.spawn().and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // One that ends without reading tells so by its exit status.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output()
    });
    judge(command, ended, operation)
}

fn judge(command: &Command, ended: io::Result<Output>, operation: &str) -> Result<String, Error> {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).display().to_string();
    match ended {
        Ok(Output { status, stdout, .. }) if status.success() => {
            Ok(String::from_utf8_lossy(&stdout).into_owned())
        }
        Ok(Output { status, stderr, .. }) => {
            let said = String::from_utf8_lossy(&stderr);
            let detail = if said.trim().is_empty() { status.to_string() } else { said.trim().to_owned() };
            Err(Error::Failed { program, operation: operation.into(), detail })
        }
        Err(source) => Err(Error::Start { program, operation: operation.into(), source }),
    }
}
