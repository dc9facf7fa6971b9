//! Starting and stopping the test bed.

use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::{
    Assets, Error, Kubectl, Progress, RunDirectory, Server, ServerRecord, State, aws_environment,
    crds::{self, CRD_SOURCES, CrdSource},
    credentials, nodes,
    ports::Ports,
    process::Process,
    status,
    tools::Tools,
};

/// The API server is ready in about three seconds on a quiet machine; this is for a very busy one.
const READY_WITHIN: Duration = Duration::from_secs(120);
const LOG_LINES_IN_AN_ERROR: usize = 20;

/// What `up` found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// It was running and healthy, and was left as it was.
    AlreadyRunning(State),
    /// It was started.
    Now(State),
}

impl Started {
    /// The state of the running test bed.
    #[must_use]
    pub fn state(&self) -> &State {
        match self {
            Self::AlreadyRunning(state) | Self::Now(state) => state,
        }
    }
}

/// Where the programs of all servers are.
pub(crate) struct Programs {
    pub(crate) assets: Assets,
    pub(crate) tools: Tools,
    /// The interpreter of the stand-in for AWS; without one there is no such server.
    pub(crate) python: Option<PathBuf>,
}

impl Programs {
    fn of(&self, server: Server) -> PathBuf {
        match (server, &self.python) {
            (Server::AwsStandIn, Some(python)) => python.clone(),
            _ => self.assets.program(server.name()),
        }
    }
}

/// What a test bed has beside its control plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) definitions: Vec<CrdSource>,
    pub(crate) nodes: bool,
    pub(crate) aws: bool,
}

impl Parts {
    fn all() -> Self {
        Self { definitions: CRD_SOURCES.to_vec(), nodes: true, aws: true }
    }

    /// The servers that need nothing but the API server.
    fn controllers(&self) -> Vec<Server> {
        let mut servers = vec![Server::KubeControllerManager, Server::KubeScheduler];
        servers.extend(self.aws.then_some(Server::AwsStandIn));
        servers
    }

    /// Every source of definitions; nodes need KWOK's.
    fn sources(&self) -> Vec<CrdSource> {
        self.definitions.iter().copied().chain(self.nodes.then(crds::kwok)).collect()
    }
}

/// Makes sure that the test bed of a folder runs, with every custom resource definition installed.
///
/// What is left of a test bed that died, or that never came up, is stopped and removed first.
///
/// # Errors
/// A program is missing and cannot be built, or a server does not come up; the servers are then stopped again, and
/// their logs stay in the run directory until the next start.
pub fn up(directory: &RunDirectory, progress: Progress<'_>) -> Result<Started, Error> {
    let _lock = directory.lock()?;
    if let Some(found) = status(directory)? {
        if found.is_usable() {
            return Ok(Started::AlreadyRunning(found.state));
        }
        progress("removing what is left of an earlier test bed");
        stop(&found.state)?;
    }
    directory.remove()?;
    let assets = Assets::find(progress)?;
    let python = aws_environment::prepare(progress)?;
    let programs = Programs { assets, tools: Tools::prepare(&python, progress)?, python: Some(python) };
    start(directory, &programs, &Parts::all(), progress).map(Started::Now)
}

/// Stops the test bed of a folder and removes the folder. Says whether there was one.
///
/// # Errors
/// A server does not end even on SIGKILL, or the folder cannot be removed.
pub fn down(directory: &RunDirectory) -> Result<bool, Error> {
    let _lock = directory.lock()?;
    let Some(state) = State::read(directory)? else { return Ok(false) };
    stop(&state)?;
    directory.remove()?;
    Ok(true)
}

pub(crate) fn stop(state: &State) -> Result<(), Error> {
    // Last started, first stopped: none loses the server that it would say goodbye to.
    state.servers.iter().rev().try_for_each(|record| record.process.stop(record.server))
}

pub(crate) fn start(
    directory: &RunDirectory,
    programs: &Programs,
    parts: &Parts,
    progress: Progress<'_>,
) -> Result<State, Error> {
    directory.create()?;
    let mut state = State {
        ready: false,
        kubernetes_version: String::new(),
        servers: Vec::new(),
        kubeconfig: directory.kubeconfig(),
        kubectl: programs.assets.program("kubectl"),
        released_kubectl: programs.tools.program("kubectl"),
        helm: programs.tools.program("helm"),
        ports: Ports::choose()?,
    };
    state.write(directory)?;
    let started = bring_up(directory, programs, parts, &mut state, progress);
    if started.is_err() {
        // The first failure is the one to report; `down` tries again with what is still running.
        let _ = stop(&state);
    }
    started.map(|()| state)
}

fn bring_up(
    directory: &RunDirectory,
    programs: &Programs,
    parts: &Parts,
    state: &mut State,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let kubectl = Kubectl::new(&state.kubectl, directory);
    credentials::write(directory, state.ports.kube_apiserver)?;
    for server in [Server::Etcd, Server::KubeApiserver] {
        launch(server, directory, programs, state, progress)?;
        wait_until_ready(server, directory, state, &kubectl)?;
    }
    for server in parts.controllers() {
        launch(server, directory, programs, state, progress)?;
    }
    let definitions = parts.sources();
    if !definitions.is_empty() {
        crds::install(&kubectl, &definitions, progress)?;
    }
    for server in parts.controllers() {
        wait_until_ready(server, directory, state, &kubectl)?;
    }
    if parts.nodes {
        bring_up_nodes(directory, programs, state, &kubectl, progress)?;
    }
    state.kubernetes_version = reported_version(&kubectl)?;
    state.ready = true;
    state.write(directory)
}

fn bring_up_nodes(
    directory: &RunDirectory,
    programs: &Programs,
    state: &mut State,
    kubectl: &Kubectl,
    progress: Progress<'_>,
) -> Result<(), Error> {
    nodes::install(kubectl, directory)?;
    for server in [Server::Kwok, Server::VolumeProvisioner] {
        launch(server, directory, programs, state, progress)?;
    }
    for server in [Server::Kwok, Server::VolumeProvisioner] {
        wait_until_ready(server, directory, state, kubectl)?;
    }
    nodes::wait_until_ready(kubectl)
}

pub(crate) fn launch(
    server: Server,
    directory: &RunDirectory,
    programs: &Programs,
    state: &mut State,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let port = state.ports.of(server);
    progress(&format!("starting {} on 127.0.0.1:{port}", server.name()));
    let arguments = server.arguments(directory, &state.ports);
    let process = Process::start(&programs.of(server), &arguments, &directory.log(server))?;
    // Written at once: whatever happens from here on, `down` knows what to stop.
    state.servers.push(ServerRecord { server, port, process });
    state.write(directory)
}

pub(crate) fn wait_until_ready(
    server: Server,
    directory: &RunDirectory,
    state: &State,
    kubectl: &Kubectl,
) -> Result<(), Error> {
    let port = state.ports.of(server);
    let deadline = Instant::now() + READY_WITHIN;
    let runs = || state.servers.iter().any(|record| record.server == server && record.process.is_running());
    loop {
        // Asked before its health: another server may answer on the port.
        if !runs() {
            return Err(server_error(server, "ended while it was starting".into(), directory));
        }
        let Err(unwell) = kubectl.ask_health(server, port) else { return Ok(()) };
        if Instant::now() > deadline {
            let problem = format!("was not ready after {} seconds: {unwell}", READY_WITHIN.as_secs());
            return Err(server_error(server, problem, directory));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn server_error(server: Server, problem: String, directory: &RunDirectory) -> Error {
    let log = directory.log(server);
    let text = fs::read(&log).unwrap_or_default();
    let log_end = last_lines(&String::from_utf8_lossy(&text), LOG_LINES_IN_AN_ERROR);
    Error::Server { server: server.name(), problem, log, log_end }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

fn reported_version(kubectl: &Kubectl) -> Result<String, Error> {
    let text = kubectl.run("read the version of the API server", &["get", "--raw", "/version"])?;
    serde_json::from_str::<Version>(&text)
        .map(|version| version.git_version)
        .map_err(|source| Error::Json { document: "the version of the API server".into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_the_end_of_a_log() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a\n", 2), "a");
        assert_eq!(last_lines("", 2), "");
    }
}
