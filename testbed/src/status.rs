//! How a test bed is doing.

use crate::{Error, Kubectl, RunDirectory, Server, ServerRecord, State};

/// The condition of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It runs and says that it can serve.
    Healthy,
    /// It runs and does not say so.
    Unwell,
    /// It was started and runs no more.
    Gone,
    /// It was never started.
    NotStarted,
}

/// One server and its condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerStatus {
    /// Which one.
    pub server: Server,
    /// The port on which it answers; 0 if it was never started.
    pub port: u16,
    /// Its process id; 0 if it was never started.
    pub pid: u32,
    /// Its condition.
    pub health: Health,
}

/// An API group that comes from custom resource definitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrdGroup {
    /// The group.
    pub group: String,
    /// How many definitions it has.
    pub definitions: usize,
    /// How many of these the API server serves.
    pub established: usize,
}

/// A test bed and its condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What was written down about it.
    pub state: State,
    /// Every server.
    pub servers: Vec<ServerStatus>,
}

impl Status {
    /// Whether tests can use it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.state.ready && self.servers.iter().all(|server| server.health == Health::Healthy)
    }

    /// Whether none of its servers runs any more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.servers.iter().all(|server| matches!(server.health, Health::Gone | Health::NotStarted))
    }
}

/// Looks at the test bed in a folder; `None` if none was started there.
///
/// # Errors
/// Its state cannot be read.
pub fn status(directory: &RunDirectory) -> Result<Option<Status>, Error> {
    let Some(state) = State::read(directory)? else { return Ok(None) };
    let kubectl = Kubectl::new(&state.kubectl, directory);
    let servers = Server::ALL.map(|server| status_of(server, &state, &kubectl)).to_vec();
    Ok(Some(Status { state, servers }))
}

fn status_of(server: Server, state: &State, kubectl: &Kubectl) -> ServerStatus {
    let Some(record) = state.servers.iter().find(|record| record.server == server) else {
        return ServerStatus { server, port: 0, pid: 0, health: Health::NotStarted };
    };
    ServerStatus { server, port: record.port, pid: record.process.pid, health: health(record, kubectl) }
}

fn health(record: &ServerRecord, kubectl: &Kubectl) -> Health {
    if !record.process.is_running() {
        Health::Gone
    } else if kubectl.ask_health(record.server, record.port).is_ok() {
        Health::Healthy
    } else {
        Health::Unwell
    }
}

impl Kubectl {
    /// The API groups of the custom resource definitions in the cluster, in alphabetical order.
    ///
    /// # Errors
    /// See [`Kubectl::run`].
    pub fn crd_groups(&self) -> Result<Vec<CrdGroup>, Error> {
        let template = r#"{range .items[*]}{.spec.group} {.status.conditions[?(@.type=="Established")].status}{"\n"}{end}"#;
        let output = format!("--output=jsonpath={template}");
        let lines =
            self.run("list custom resource definitions", &["get", "customresourcedefinitions", &output])?;
        Ok(count_groups(&lines))
    }
}

fn count_groups(lines: &str) -> Vec<CrdGroup> {
    let mut groups: Vec<CrdGroup> = Vec::new();
    let mut lines: Vec<_> = lines.lines().filter_map(|line| line.split_once(' ')).collect();
    lines.sort_unstable();
    for (group, established) in lines {
        if groups.last().is_none_or(|last| last.group != group) {
            groups.push(CrdGroup { group: group.to_owned(), definitions: 0, established: 0 });
        }
        if let Some(last) = groups.last_mut() {
            last.definitions += 1;
            last.established += usize::from(established == "True");
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_counted_by_group() {
        let groups = count_groups("b.io True\na.io True\nb.io False\nb.io \n");
        let counted: Vec<_> =
            groups.iter().map(|g| (g.group.as_str(), g.definitions, g.established)).collect();
        assert_eq!(counted, [("a.io", 1, 1), ("b.io", 3, 1)]);
    }
}
