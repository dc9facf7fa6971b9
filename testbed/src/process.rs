//! Processes that outlive the one that started them, told apart from others that get the same number later.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::{Error, Server, error::file_error};

const PATIENCE_AFTER_SIGTERM: Duration = Duration::from_secs(10);
const PATIENCE_AFTER_SIGKILL: Duration = Duration::from_secs(5);

/// A process, known by its number and by when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    /// Clock ticks between the boot of the machine and the start of the process.
    started: u64,
}

impl Process {
    /// Starts a program in a process group of its own, so that Ctrl-C in the terminal does not reach it, with
    /// everything it says appended to a log.
    pub(crate) fn start(program: &Path, arguments: &[String], log: &Path) -> Result<Self, Error> {
        let output = fs::File::create(log).map_err(file_error("create", log))?;
        let errors = output.try_clone().map_err(file_error("share", log))?;
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Start {
                program: program.display().to_string(),
                operation: "run it in the background".into(),
                source,
            })?;
        let pid = child.id();
        // A program that ended at once has no start time any more; it is then seen as not running.
        Ok(Self { pid, started: stat(pid).map_or(0, |stat| stat.started) })
    }

    /// Whether this very process is running: neither ended, nor ended and waiting to be reaped, nor another one.
    pub(crate) fn is_running(self) -> bool {
        stat(self.pid).is_some_and(|stat| stat.started == self.started && !stat.ended)
    }

    /// Ends the process, by SIGTERM and, when that does not help, by SIGKILL.
    pub(crate) fn stop(self, server: Server) -> Result<(), Error> {
        self.end_by(server, &[(Signal::TERM, PATIENCE_AFTER_SIGTERM), (Signal::KILL, PATIENCE_AFTER_SIGKILL)])
    }

    /// Ends the process at once, by SIGKILL.
    pub(crate) fn kill(self, server: Server) -> Result<(), Error> {
        self.end_by(server, &[(Signal::KILL, PATIENCE_AFTER_SIGKILL)])
    }

    fn end_by(self, server: Server, signals: &[(Signal, Duration)]) -> Result<(), Error> {
        for &(signal, patience) in signals {
            if !self.is_running() {
                return Ok(());
            }
            if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
                // It may have ended since the look: then there is nothing to signal.
                let _ = kill_process(pid, signal);
            }
            let deadline = Instant::now() + patience;
            while self.is_running() && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(20));
            }
        }
        if self.is_running() {
            Err(Error::Unstoppable { server: server.name(), pid: self.pid })
        } else {
            Ok(())
        }
    }
}

struct Stat {
    started: u64,
    ended: bool,
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads a line of proc_pid_stat(5): the second field is the program's name in parentheses and may hold anything.
fn parse_stat(line: &str) -> Option<Stat> {
    let (_, after_name) = line.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    // The start time is field 22; the state, field 3, is already taken.
    let started = fields.nth(18)?.parse().ok()?;
    Some(Stat { started, ended: matches!(state, "Z" | "X") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Process {
        Process::start(Path::new("/bin/sh"), &["-c".into(), "sleep 60".into()], Path::new("/dev/null"))
            .unwrap()
    }

    #[test]
    fn a_started_process_runs_until_it_is_stopped() {
        let process = sleeper();
        assert!(process.is_running());
        process.stop(Server::Etcd).unwrap();
        assert!(!process.is_running());
        process.stop(Server::Etcd).unwrap();
    }

    #[test]
    fn a_process_that_began_at_another_time_is_another_one() {
        let process = sleeper();
        let namesake = Process { started: process.started + 1, ..process };
        assert!(!namesake.is_running());
        namesake.stop(Server::Etcd).unwrap();
        assert!(process.is_running(), "stopping the namesake must not touch it");
        process.stop(Server::Etcd).unwrap();
    }

    #[test]
    fn a_stat_line_is_read_whatever_the_program_is_called() {
        let line = "77 (a) R (b) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 9 9";
        assert_eq!(parse_stat(line).map(|stat| (stat.started, stat.ended)), Some((4242, false)));
        let ended = "77 (etcd) Z 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4242 9 9";
        assert!(parse_stat(ended).unwrap().ended);
    }
}
