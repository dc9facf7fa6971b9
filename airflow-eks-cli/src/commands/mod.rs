//! The commands, one file each.

mod completions;
mod init;
mod render;
mod schema;
mod validate;

use crate::args::{Args, Command};
use crate::error::Error;

/// Does what the command line says.
pub(crate) fn run(args: &Args) -> Result<(), Error> {
    match &args.command {
        Command::Init(options) => init::run(&args.global, options),
        Command::Schema => schema::run(),
        Command::Validate => validate::run(&args.global),
        Command::Render(options) => render::run(&args.global, options),
        Command::Completions { shell } => completions::run(*shell),
    }
}
