//! What is printed: data to standard output, talk to standard error.

mod human;
mod json;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use crate::args::{Args, Color, Global, OutputFormat};
use crate::error::Error;

/// Prints data. A reader that has seen enough, such as `head`, is no error.
pub(crate) fn data(text: &str) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "<stdout>".into(), source })
        }
        _ => Ok(()),
    }
}

/// Says what was done.
pub(crate) fn talk(global: &Global, message: &str) {
    if !global.quiet {
        print(global, message);
    }
}

/// Says what only somebody who asked for more wants to know.
pub(crate) fn detail(global: &Global, message: &str) {
    if global.verbose {
        print(global, message);
    }
}

/// Says what a careful reader wants to know.
pub(crate) fn note(global: &Global, message: &str) {
    if !global.quiet {
        print(global, &human::note(message));
    }
}

/// Shows what the two sides warn of and, where more was asked for, what it calls. Nothing of the AWS SDK itself is shown: its
/// words may hold what was sent.
#[cfg(feature = "k8s")]
pub(crate) fn show_warnings(global: &Global) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;

    let level = match (global.quiet, global.verbose) {
        (true, _) => LevelFilter::OFF,
        (_, true) => LevelFilter::DEBUG,
        _ => LevelFilter::WARN,
    };
    let lines = tracing_subscriber::fmt::layer().without_time().with_target(false).with_ansi(false);
    let shown = Targets::new().with_target("airflow_eks_aws", level).with_target("airflow_eks_k8s", level);
    // A second one in the same process would be refused, and there is none.
    let _ = tracing_subscriber::registry().with(lines.with_writer(std::io::stderr)).with(shown).try_init();
}

/// Says that one part failed, while others go on.
#[cfg(feature = "k8s")]
pub(crate) fn problem(global: &Global, message: &str, hint: Option<&str>) {
    print(global, &human::problem_line(message, hint));
}

/// A plan as text, with colour where the output shows it.
#[cfg(feature = "k8s")]
pub(crate) fn plan(global: &Global, plan: &airflow_eks_core::plan::Plan) -> String {
    let text = human::plan(plan);
    let coloured = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            use std::io::IsTerminal as _;
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
        }
    };
    if coloured { text } else { anstream::adapter::strip_str(&text).to_string() }
}

/// An event as one JSON document.
#[cfg(feature = "k8s")]
pub(crate) fn event(event: &airflow_eks_core::engine::Event) -> serde_json::Value {
    json::event(event)
}

/// Says why a command did not do what it was asked, and with which status the program ends.
pub(crate) fn report(args: &Args, error: &Error) -> ExitCode {
    match args.global.output {
        OutputFormat::Human => print(&args.global, &human::error(error)),
        OutputFormat::Json if args.command.tells_events() => {
            let _ = data(&format!("{}\n", json::error_event(error)));
        }
        OutputFormat::Json => {
            let _ = data(&json::error(error));
        }
    }
    error.exit_code()
}

fn print(global: &Global, text: &str) {
    let choice = match global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    let mut stderr = anstream::AutoStream::new(std::io::stderr().lock(), choice);
    let _ = writeln!(stderr, "{text}");
}
