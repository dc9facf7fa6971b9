//! The commands, one file each.

#[cfg(feature = "k8s")]
mod apply;
mod completions;
#[cfg(feature = "k8s")]
mod destroy;
mod graph;
mod init;
#[cfg(feature = "aws")]
mod kubeconfig;
#[cfg(feature = "k8s")]
mod plan;
mod render;
mod schema;
#[cfg(feature = "k8s")]
mod status;
#[cfg(feature = "aws")]
mod token;
#[cfg(feature = "k8s")]
mod ui;
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
        #[cfg(feature = "k8s")]
        Command::Plan(options) => return plan::run(global, options),
        #[cfg(feature = "k8s")]
        Command::Apply(options) => apply::run(global, options),
        #[cfg(feature = "k8s")]
        Command::Status => status::run(global),
        #[cfg(feature = "k8s")]
        Command::Destroy(options) => destroy::run(global, options),
        #[cfg(feature = "aws")]
        Command::Kubeconfig => kubeconfig::run(global),
        #[cfg(feature = "k8s")]
        Command::Ui(options) => ui::run(global, options),
        #[cfg(feature = "aws")]
        Command::Token(options) => token::run(global, options),
        Command::Completions { shell } => completions::run(*shell),
    };
    done.map(|()| ExitCode::SUCCESS)
}
