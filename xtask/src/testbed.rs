//! `cargo xtask testbed`: start, stop and look at the test bed.

use std::{process::ExitCode, time::Instant};

use airflow_eks_testbed::{CrdGroup, Health, RunDirectory, Started, Status, TestBed, down, status, up};
use anyhow::Result;

use crate::{print_data, say};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Start it, unless it is running; the first start on a machine builds its programs.
    Up,
    /// Stop it and remove its data.
    Down,
    /// Show every server and the installed API groups; ends with 1 if it cannot be used.
    Status {
        /// Print `export` lines for a shell instead: eval "$(cargo xtask testbed status --env)".
        #[arg(long)]
        env: bool,
    },
}

pub(crate) fn run(command: &Command) -> Result<ExitCode> {
    let directory = RunDirectory::find();
    match command {
        Command::Up => start(&directory),
        Command::Down => stop(&directory),
        Command::Status { env: false } => show(&directory),
        Command::Status { env: true } => export(),
    }
}

fn start(directory: &RunDirectory) -> Result<ExitCode> {
    let begin = Instant::now();
    match up(directory, &say)? {
        Started::AlreadyRunning(state) => {
            say(&format!("already running, Kubernetes {}", state.kubernetes_version));
        }
        Started::Now(state) => say(&format!(
            "Kubernetes {} is ready after {:.1} s; KUBECONFIG={}",
            state.kubernetes_version,
            begin.elapsed().as_secs_f64(),
            state.kubeconfig.display()
        )),
    }
    Ok(ExitCode::SUCCESS)
}

fn stop(directory: &RunDirectory) -> Result<ExitCode> {
    say(if down(directory)? { "stopped" } else { "was not running" });
    Ok(ExitCode::SUCCESS)
}

fn show(directory: &RunDirectory) -> Result<ExitCode> {
    let Some(found) = status(directory)? else {
        say("not running: start it with `cargo xtask testbed up`");
        return Ok(ExitCode::FAILURE);
    };
    print_data(&server_table(&found))?;
    if !found.is_usable() {
        say("not usable: `cargo xtask testbed up` starts it anew");
        return Ok(ExitCode::FAILURE);
    }
    let groups = TestBed::connect()?.kubectl().crd_groups()?;
    let state = &found.state;
    print_data(&format!(
        "\nKubernetes {}\nKUBECONFIG {}\n\n",
        state.kubernetes_version,
        state.kubeconfig.display()
    ))?;
    print_data(&group_table(&groups))?;
    Ok(ExitCode::SUCCESS)
}

fn server_table(found: &Status) -> String {
    let mut table = format!("{:<26} {:>6} {:>8}  HEALTH\n", "SERVER", "PORT", "PID");
    for server in &found.servers {
        let health = match server.health {
            Health::Healthy => "healthy",
            Health::Unwell => "runs, but does not say it is healthy",
            Health::Gone => "gone",
            Health::NotStarted => "not started",
        };
        table += &format!("{:<26} {:>6} {:>8}  {health}\n", server.server.name(), server.port, server.pid);
    }
    table
}

fn group_table(groups: &[CrdGroup]) -> String {
    let mut table = format!("{:<32} {:>11} {:>11}\n", "API GROUP", "DEFINITIONS", "ESTABLISHED");
    for group in groups {
        table += &format!("{:<32} {:>11} {:>11}\n", group.group, group.definitions, group.established);
    }
    table
}

fn export() -> Result<ExitCode> {
    let variables = TestBed::connect()?.environment();
    let lines = variables.iter().map(|(name, value)| format!("export {name}={}\n", quoted(value)));
    print_data(&lines.collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

/// A value as a POSIX shell reads it back unchanged.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_spaces_and_quotes_survives_the_shell() {
        let path = "/home/o'brien/my repo/$HOME";
        let script = format!("printf %s {}", quoted(path));
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), path);
    }
}
