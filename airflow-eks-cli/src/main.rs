//! `airflow-eks`: Apache Airflow on Amazon EKS, described once.

mod args;
#[cfg(feature = "aws")]
mod aws_cluster;
mod commands;
#[cfg(feature = "k8s")]
mod confirm;
mod error;
#[cfg(feature = "k8s")]
mod findings;
mod input;
mod output;
#[cfg(feature = "k8s")]
mod progress;
#[cfg(feature = "k8s")]
mod session;
#[cfg(feature = "k8s")]
mod sides;
#[cfg(feature = "k8s")]
mod welcome;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::parse();
    match commands::run(&args) {
        Ok(code) => code,
        Err(error) => output::report(&args, &error),
    }
}
