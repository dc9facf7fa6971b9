//! `cargo xtask test`: the test bed up, every test, the test bed down.

use std::{
    env,
    process::{Child, Command, ExitCode, ExitStatus},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use airflow_eks_testbed::{AirflowEnvironments, RunDirectory, TestBed, down, status, up};
use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::say;

/// How long the tests may take to end after Ctrl-C, which reaches them too.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Arguments for `cargo test`, such as `-- -p airflow-eks-core --test render`.
    #[arg(last = true)]
    cargo_test: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let interrupted = watch_signals()?;
    let directory = RunDirectory::find();
    let was_running = status(&directory)?.is_some_and(|found| found.is_usable());
    let outcome = prepare(&directory)
        .and_then(|environment| run_tests(environment, &arguments.cargo_test, &interrupted));
    // One that was running before belongs to whoever started it.
    if !was_running {
        down(&directory)?;
        say("stopped");
    }
    outcome
}

/// Everything that the tests need besides the toolchain, in order. Gives the variables by which they find it.
fn prepare(directory: &RunDirectory) -> Result<Vec<(&'static str, String)>> {
    up(directory, &say)?;
    let mut environment = TestBed::connect_to(directory.clone())?.environment();
    environment.extend(AirflowEnvironments::prepare(&say)?.environment());
    Ok(environment)
}

fn run_tests(
    environment: Vec<(&'static str, String)>,
    extra: &[String],
    interrupted: &AtomicBool,
) -> Result<ExitCode> {
    if interrupted.load(Ordering::Relaxed) {
        bail!("interrupted before the tests began");
    }
    let mut tests = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    tests.args(["test", "--no-fail-fast"]).envs(environment);
    // Cargo takes `--workspace` for everything, whatever package is named beside it.
    let one_package = |argument: &String| argument.starts_with("-p") || argument.starts_with("--package");
    if !extra.iter().any(one_package) {
        tests.arg("--workspace");
    }
    tests.args(extra);
    let child = tests.spawn().context("cannot start `cargo test`")?;
    let status = wait(child, interrupted)?;
    Ok(exit_code(status))
}

/// With a flag in place of the default action: the test bed has to be stopped after a signal too.
fn watch_signals() -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted)).context("cannot watch for signals")?;
    }
    Ok(interrupted)
}

fn wait(mut tests: Child, interrupted: &AtomicBool) -> Result<ExitStatus> {
    let mut deadline = None;
    loop {
        if let Some(status) = tests.try_wait().context("cannot wait for `cargo test`")? {
            return Ok(status);
        }
        if interrupted.load(Ordering::Relaxed)
            && Instant::now() > *deadline.get_or_insert(Instant::now() + PATIENCE)
        {
            tests.kill().context("cannot end `cargo test`")?;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    // Ended by a signal, most likely Ctrl-C: there is no code to pass on.
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::from(130), ExitCode::from)
}
