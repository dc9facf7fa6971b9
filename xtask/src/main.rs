//! The workspace's own commands: `cargo xtask --help`.

mod makespan;
mod test;
mod testbed;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

/// Develop airflow-eks: start what its tests need, and run them.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A real Kubernetes control plane and a stand-in for AWS on this machine.
    #[command(subcommand)]
    Testbed(testbed::Command),
    /// How long `apply` takes on the stand-in for AWS, against the critical path.
    Makespan(makespan::Arguments),
    /// Start the test bed, run every test, stop the test bed.
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Testbed(command) => testbed::run(&command),
        Command::Makespan(arguments) => makespan::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Tells what is being done. Standard output is kept for data.
fn say(line: &str) {
    eprintln!("testbed: {line}");
}

/// Prints data. That a reader such as `head` has seen enough is no error.
fn print_data(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
