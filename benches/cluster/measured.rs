//! One run of one contender.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;
use crate::cpu;

/// How often it is looked whether a process has ended.
const LOOK: Duration = Duration::from_millis(2);

/// One run of one contender.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    pub(crate) client_cpu: Duration,
    pub(crate) server_cpu: Duration,
    /// In KiB; of the other tools, as last seen before they ended.
    pub(crate) peak: u64,
}

/// Runs a command to its end, which has to be a success.
pub(crate) fn measure(name: &str, mut command: Command) -> Result<Measured> {
    let folder = tempfile::tempdir()?;
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let mut measured = Measured::default();
    loop {
        let ran = cpu::of_process(child.id())?;
        measured.client_cpu = ran.cpu;
        if ran.ended {
            measured.wall = begun.elapsed();
            break;
        }
        measured.peak = peak(child.id()).unwrap_or(measured.peak);
        sleep(LOOK);
    }
    let status = child.wait()?;
    if !status.success() {
        let said: String = fs::read_to_string(&err)?.chars().take(2_000).collect();
        let diff: String = fs::read_to_string(&out)?.chars().take(2_000).collect();
        return Err(format!("{name} ended with {status}: {said}{diff}").into());
    }
    // Ours say it themselves.
    if let Ok(peak) = fs::read_to_string(&out)?.trim().parse() {
        measured.peak = peak;
    }
    Ok(measured)
}

fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
