//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Apache Airflow on Amazon EKS, described once.
#[derive(Debug, Parser)]
#[command(name = "airflow-eks", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// The stack; `-` is standard input. Without it ./stack.yaml, and where there is none the built-in preset
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Set one value of the stack, such as airflow.scheduler.replicas=3; may be repeated
    #[arg(long, global = true, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Values that only AWS can tell, as JSON; without them `render` writes stand-ins
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) outputs: Option<PathBuf>,
    /// What messages look like: text for people, or one JSON document
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Human, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Say less: nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more, such as where the stack comes from
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented stack.yaml to begin with
    Init(Init),
    /// Print the JSON Schema of stack.yaml
    Schema,
    /// Check the stack and say everything that is wrong with it
    Validate,
    /// Print every Kubernetes object of the stack, in the order of applying
    Render(Render),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Init {
    /// What to begin with
    #[arg(long, value_name = "NAME", default_value = airflow_eks_core::presets::DEFAULT.name, value_parser = preset_names())]
    pub(crate) preset: String,
    /// Where to write; an existing file is never overwritten
    #[arg(value_name = "FILE", default_value = "stack.yaml")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Render {
    /// How objects are written
    #[arg(long, value_enum, default_value_t = RenderFormat::Yaml)]
    pub(crate) format: RenderFormat,
    /// Write one file an object into this new or empty folder instead of printing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text
    Human,
    /// One JSON document
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// Where the output is a terminal, and NO_COLOR is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderFormat {
    /// A stream of YAML documents
    Yaml,
    /// One JSON document, a Kubernetes List
    Json,
}

fn preset_names() -> clap::builder::PossibleValuesParser {
    let presets = airflow_eks_core::presets::ALL.iter();
    presets
        .map(|preset| clap::builder::PossibleValue::new(preset.name).help(preset.summary))
        .collect::<Vec<_>>()
        .into()
}

/// Reads the command line; ends the program with help or an error where it is not one. A wrong command line is wrong
/// input, and ends with 1.
pub(crate) fn parse() -> Args {
    Args::try_parse().unwrap_or_else(|error| {
        let _ = error.print();
        std::process::exit(i32::from(error.use_stderr()));
    })
}

/// The command line as data, for completion scripts.
pub(crate) fn command() -> clap::Command {
    Args::command()
}
