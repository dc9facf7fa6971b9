//! One run of `helm`: started, fed, awaited, and ended with us.

use std::ffi::OsString;
use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::cluster;
use super::failure::because;
use super::program::Program;
use super::values::Masks;
use crate::Access;

/// Variables that would lead `helm` to another cluster or namespace than ours, or make it talk more.
const TAKEN_OUT: [&str; 12] = [
    "HELM_DEBUG",
    "HELM_KUBEAPISERVER",
    "HELM_KUBEASGROUPS",
    "HELM_KUBEASUSER",
    "HELM_KUBECAFILE",
    "HELM_KUBECONTEXT",
    "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
    "HELM_KUBETLS_SERVER_NAME",
    "HELM_KUBETOKEN",
    "HELM_MAX_HISTORY",
    "HELM_NAMESPACE",
    "HELM_DRIVER_SQL_CONNECTION_STRING",
];

/// A run of `helm` to be.
pub(super) struct Call<'a> {
    /// What it works on, and what it does, as failures name them.
    pub(super) resource: String,
    pub(super) operation: &'static str,
    pub(super) arguments: Vec<OsString>,
    /// What goes to its standard input: values never go onto its command line.
    pub(super) input: Option<String>,
    /// What must not be shown of what it says.
    pub(super) masks: &'a Masks,
    pub(super) within: Duration,
    /// Where its standard error goes, if not to us.
    pub(super) messages: Option<File>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        resource: impl ToString,
        operation: &'static str,
        masks: &'a Masks,
        within: Duration,
    ) -> Self {
        let arguments = operation.split(' ').skip(1).map(OsString::from).collect();
        Self {
            resource: resource.to_string(),
            operation,
            arguments,
            input: None,
            masks,
            within,
            messages: None,
        }
    }

    pub(super) fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub(super) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(OsString::from));
        self
    }

    pub(super) fn input(mut self, input: String) -> Self {
        self.input = Some(input);
        self
    }

    pub(super) fn messages_to(mut self, file: File) -> Self {
        self.messages = Some(file);
        self
    }

    /// Runs it to its end, and gives what it printed. It is killed when the future is dropped.
    pub(super) async fn run(self, program: &Program, access: Option<&Access>) -> Result<String, Failure> {
        let ended = self.output(program, access).await?;
        if ended.succeeded { Ok(ended.stdout) } else { Err(ended.failure) }
    }

    /// Runs it to its end, however that is. Fails where it could not be run at all, or not to its end.
    pub(super) async fn output(self, program: &Program, access: Option<&Access>) -> Result<Ended, Failure> {
        let files = match access {
            Some(access) => Some(cluster::files(access).await?),
            None => None,
        };
        let mut command = Command::new(program.path());
        command.args(&self.arguments).args(files.iter().flat_map(|files| &files.arguments));
        TAKEN_OUT.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.env("HELM_DRIVER", "secret").kill_on_drop(true).stdout(Stdio::piped());
        // What a terminal sends when someone interrupts is for us: we let go of it where it is safe to.
        #[cfg(unix)]
        command.process_group(0);
        command.stdin(if self.input.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stderr(self.messages.map_or_else(Stdio::piped, Stdio::from));

        let failed = |message: String| because(&self.resource, self.operation, message);
        let mut child = command.spawn().map_err(|error| failed(format!("cannot be started: {error}")))?;
        // Otherwise it would hold the file of the messages open.
        drop(command);
        let stdin = child.stdin.take();
        let feed = async {
            if let (Some(mut stdin), Some(input)) = (stdin, &self.input) {
                // One that ends without reading says why.
                let _ = stdin.write_all(input.as_bytes()).await;
                let _ = stdin.shutdown().await;
            }
        };
        let ended = async { tokio::join!(feed, child.wait_with_output()).1 };
        let keep_fresh = async {
            match &files {
                Some(files) => files.keep_fresh().await,
                None => std::future::pending().await,
            }
        };
        let output = tokio::select! {
            output = ended => output.map_err(|error| failed(error.to_string()))?,
            failure = keep_fresh => return Err(failure),
            () = tokio::time::sleep(self.within) => {
                return Err(failed(format!("no end within {} s, so it was stopped", self.within.as_secs())));
            }
        };
        let said = String::from_utf8_lossy(&output.stderr);
        Ok(Ended {
            succeeded: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            failure: failed(self.masks.hide(&short(&said, &output.status.to_string()))),
        })
    }
}

/// A run that has ended.
pub(super) struct Ended {
    pub(super) succeeded: bool,
    pub(super) stdout: String,
    /// Its failure, where it is one.
    pub(super) failure: Failure,
}

/// The reason in what `helm` said: its last `Error:`, without warnings, log lines and trailing advice.
pub(super) fn short(said: &str, otherwise: &str) -> String {
    const LONGEST: usize = 2_000;
    let from = said.rfind("Error: ").map_or(said, |at| said.get(at + "Error: ".len()..).unwrap_or(said));
    let is_noise = |line: &str| {
        line.starts_with("WARNING")
            || line.starts_with("level=")
            || line.starts_with("time=")
            || line.starts_with("Use --debug")
    };
    let lines: Vec<&str> =
        from.lines().map(str::trim_end).filter(|line| !line.is_empty() && !is_noise(line)).collect();
    let text: String =
        lines.join("\n").chars().filter(|c| *c == '\n' || !c.is_control()).take(LONGEST).collect();
    if text.is_empty() { otherwise.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_helm_says_the_reason_is_kept() {
        let said = "WARNING: Kubernetes configuration file is group-readable.\nlevel=WARN msg=x\nError: UPGRADE FAILED: no\nUse --debug flag\n";
        assert_eq!(short(said, "exit status: 1"), "UPGRADE FAILED: no");
        assert_eq!(short("", "exit status: 1"), "exit status: 1");
        assert_eq!(short("\u{1b}[31mError: bad", "x"), "bad");
    }
}
