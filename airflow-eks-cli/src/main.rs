//! `airflow-eks`: Apache Airflow on Amazon EKS, described once.

mod args;
mod commands;
#[cfg(feature = "aws")]
mod confirm;
mod error;
mod input;
mod output;
#[cfg(feature = "aws")]
mod progress;
#[cfg(feature = "aws")]
mod session;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::parse();
    match commands::run(&args) {
        Ok(code) => code,
        Err(error) => output::report(&args, &error),
    }
}
