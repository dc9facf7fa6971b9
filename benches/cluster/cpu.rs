//! The CPU time of processes, which tells more than the clock where others are at work on the same machine.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::Result;

/// One tick of Linux's `/proc`, on every architecture that it is asked on here.
const TICK: Duration = Duration::from_millis(10);

/// What a process has done.
pub(crate) struct Ran {
    pub(crate) cpu: Duration,
    /// Whether it has ended, and is still to be reaped.
    pub(crate) ended: bool,
}

/// One process. See <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>.
pub(crate) fn of_process(pid: u32) -> Result<Ran> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is a name in parentheses, which may hold anything.
    let (_, fields) = stat.rsplit_once(')').ok_or("a stat without a name")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |index: usize| -> Result<u32> { Ok(fields.get(index).ok_or("a short stat")?.parse()?) };
    Ok(Ran { cpu: TICK * (ticks(11)? + ticks(12)?), ended: fields.first() == Some(&"Z") })
}

/// All servers that have a folder among their arguments.
pub(crate) fn of_servers(folder: &Path) -> Result<Duration> {
    let folder = folder.display().to_string() + "/";
    let mut sum = Duration::ZERO;
    for process in fs::read_dir("/proc")? {
        let name = process?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // Others may end in between.
        let Ok(arguments) = fs::read(format!("/proc/{pid}/cmdline")) else { continue };
        let program = arguments.split(|byte| *byte == 0).next().unwrap_or_default();
        let is_server = [&b"etcd"[..], b"kube-apiserver"].iter().any(|server| program.ends_with(server));
        if is_server && String::from_utf8_lossy(&arguments).contains(&folder) {
            sum += of_process(pid)?.cpu;
        }
    }
    Ok(sum)
}
