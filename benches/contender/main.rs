//! A client of the bench `cluster`, in a process of its own, so that its memory and its time are its own too:
//! `contender (bare | apply | plan) KUBECONFIG COUNT`. It prints its peak of memory in KiB.

mod bare;
mod engine;

use std::error::Error;
use std::fs;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, kubeconfig, count] = arguments.as_slice() else {
        return Err("usage: contender (bare | apply | plan) KUBECONFIG COUNT".into());
    };
    let (kubeconfig, count) = (Path::new(kubeconfig), count.parse()?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match what.as_str() {
        "bare" => runtime.block_on(bare::create(kubeconfig, count))?,
        "apply" => runtime.block_on(engine::apply(kubeconfig, count))?,
        "plan" => runtime.block_on(engine::plan(kubeconfig, count))?,
        other => return Err(format!("`{other}` is none of bare, apply and plan").into()),
    }
    println!("{}", peak()?);
    Ok(())
}

/// See <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
