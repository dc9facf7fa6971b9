//! The commands, one file each.

#[cfg(feature = "aws")]
mod apply;
mod completions;
#[cfg(feature = "aws")]
mod destroy;
mod graph;
mod init;
#[cfg(feature = "aws")]
mod kubeconfig;
#[cfg(feature = "aws")]
mod plan;
mod render;
mod schema;
#[cfg(feature = "aws")]
mod status;
#[cfg(feature = "aws")]
mod token;
mod validate;

use std::process::ExitCode;

use crate::args::{Args, Command};
use crate::error::Error;

/// Does what the command line says.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Error> {
    let global = &args.global;
    let done = match &args.command {
        Command::Init(options) => init::run(global, options),
        Command::Schema => schema::run(),
        Command::Validate => validate::run(global),
        Command::Render(options) => render::run(global, options),
        Command::Graph(options) => graph::run(global, options),
        #[cfg(feature = "aws")]
        Command::Plan(options) => return plan::run(global, options),
        #[cfg(feature = "aws")]
        Command::Apply(options) => apply::run(global, options),
        #[cfg(feature = "aws")]
        Command::Status => status::run(global),
        #[cfg(feature = "aws")]
        Command::Destroy(options) => destroy::run(global, options),
        #[cfg(feature = "aws")]
        Command::Kubeconfig(options) => kubeconfig::run(global, options),
        #[cfg(feature = "aws")]
        Command::Token(options) => token::run(global, options),
        Command::Completions { shell } => completions::run(*shell),
    };
    done.map(|()| ExitCode::SUCCESS)
}
