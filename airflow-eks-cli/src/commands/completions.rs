//! `completions`: the completion script of a shell.

use clap_complete::Shell;

use crate::args;
use crate::error::Error;
use crate::output;

pub(crate) fn run(shell: Shell) -> Result<(), Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::command(), "airflow-eks", &mut script);
    output::data(&String::from_utf8_lossy(&script))
}
