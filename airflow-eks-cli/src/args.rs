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
    /// Values that only AWS can tell, as JSON; without them `render` writes stand-ins. With `--only k8s` AWS is not asked
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) outputs: Option<PathBuf>,
    /// What messages look like: text for people, or one JSON document
    #[arg(long, global = true, value_enum, default_value_t = OutputFormat::Human, value_name = "FORMAT")]
    pub(crate) output: OutputFormat,
    /// One side of the stack only
    #[arg(long, global = true, value_enum, value_name = "SIDE")]
    pub(crate) only: Option<Side>,
    /// The kubeconfig; without it that of KUBECONFIG, and otherwise ~/.kube/config. `kubeconfig` writes it, `-` prints it
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The API of this context instead of the one that AWS reports; for `kubeconfig`, the name of the new one
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) context: Option<String>,
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
    /// Print the graph of resources with its critical path
    Graph(Graph),
    /// Say what `apply` would do, field by field; nothing is changed
    #[cfg(feature = "k8s")]
    Plan(Plan),
    /// Make, change and remove what differs from the stack
    #[cfg(feature = "k8s")]
    Apply(Apply),
    /// Say how every resource is, and why it is not ready
    #[cfg(feature = "k8s")]
    Status,
    /// Remove everything that carries this stack's marks, and prove that nothing is left
    #[cfg(feature = "k8s")]
    Destroy(Destroy),
    /// Write or merge a kubectl context for the cluster
    #[cfg(feature = "aws")]
    Kubeconfig,
    /// Print a credential for kubectl
    #[cfg(feature = "aws")]
    Token(Token),
    /// Forward the Airflow UI to this machine, until interrupted
    #[cfg(feature = "k8s")]
    Ui(Ui),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

impl Command {
    /// Whether its JSON output is one event a line.
    pub(crate) fn tells_events(&self) -> bool {
        #[cfg(feature = "k8s")]
        return matches!(self, Self::Apply(_) | Self::Destroy(_));
        #[cfg(not(feature = "k8s"))]
        false
    }
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
    /// Write one file an object into this new or empty folder instead of printing; for Argo CD and Flux as the Git
    /// repository has them
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Graph {
    /// How it is written
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub(crate) format: GraphFormat,
}

#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Plan {
    /// End with status 2 where there is something to do
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) allowed: Allowed,
}

#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) run: Run,
    #[command(flatten)]
    pub(crate) allowed: Allowed,
}

/// How far a plan may go.
#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Allowed {
    /// Take over resources that have the stack's names but not its tags
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Also remove what holds data: databases, file systems, buckets, secrets
    #[arg(long)]
    pub(crate) delete_data: bool,
}

/// How a run that changes something goes.
#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Run {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Stop after this time, such as 90m; what is made stays, and the next run goes on
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) timeout: Option<std::time::Duration>,
    /// Do not wait until what was made in the cluster is ready
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Destroy {
    #[command(flatten)]
    pub(crate) run: Run,
    /// Also a database with deletion protection, buckets that keep old versions, and, with `--only k8s`, volumes
    #[arg(long)]
    pub(crate) delete_data: bool,
}

/// Where the UI is to be found.
#[cfg(feature = "k8s")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Ui {
    /// The local port; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
}

#[cfg(feature = "aws")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Token {
    /// The cluster; without it that of the stack
    #[arg(long, value_name = "NAME", requires = "region")]
    pub(crate) cluster: Option<String>,
    /// The Region of the cluster
    #[arg(long, value_name = "REGION", requires = "cluster")]
    pub(crate) region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// The AWS resources
    Aws,
    /// The Kubernetes objects
    K8s,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Text that Mermaid draws
    Mermaid,
    /// Text that Graphviz draws
    Dot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Text
    Human,
    /// One JSON document; for `apply` and `destroy` one event a line
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
    /// Applications for Argo CD, and the objects they bring; wants `gitops` in the stack
    Argocd,
    /// Kustomizations and HelmReleases for Flux, and the objects they bring; wants `gitops` in the stack
    Flux,
}

/// A whole number of seconds, minutes or hours.
#[cfg(feature = "k8s")]
fn duration(text: &str) -> Result<std::time::Duration, String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err("write a number and `s`, `m` or `h`, such as 90m".to_owned()),
    };
    let number: u64 =
        number.parse().map_err(|_| "write a number and `s`, `m` or `h`, such as 90m".to_owned())?;
    number
        .checked_mul(seconds)
        .map(std::time::Duration::from_secs)
        .ok_or_else(|| "that is too long".to_owned())
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
