//! `airflow-eks`: Apache Airflow on Amazon EKS, described once.

mod args;
mod commands;
mod error;
mod input;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::parse();
    match commands::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::report(&args.global, &error),
    }
}
