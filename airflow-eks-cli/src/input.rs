//! Where the stack comes from.

use std::io::Read;
use std::path::Path;

use airflow_eks_core::{Document, Facts, Outputs, Stack, presets};

use crate::args::Global;
use crate::error::Error;
use crate::output;

/// The file that is read where none is named.
const DEFAULT_FILE: &str = "stack.yaml";

/// The stack that the options name, checked as far as that goes without asking AWS.
pub(crate) fn stack(global: &Global) -> Result<Stack, Error> {
    document(global)?.stack(&Facts::unknown()).map_err(Error::Stack)
}

/// What the options name: the document, with the values that were set on the command line.
pub(crate) fn document(global: &Global) -> Result<Document, Error> {
    let mut document = read_document(global)?;
    let mut problems = airflow_eks_core::Problems::new();
    for assignment in &global.set {
        if let Err(wrong) = document.set(assignment) {
            problems.extend(wrong);
        }
    }
    if problems.is_empty() {
        return Ok(document);
    }
    if let Err(wrong) = document.stack(&Facts::unknown()) {
        problems.extend(wrong);
    }
    Err(Error::Stack(problems))
}

fn read_document(global: &Global) -> Result<Document, Error> {
    let text = match &global.file {
        Some(path) if path.as_os_str() == "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|source| Error::Read { path: "<stdin>".into(), source })?;
            return Document::parse(&text, "<stdin>").map_err(Error::Stack);
        }
        Some(path) => read(path)?,
        None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
        None => {
            let name = presets::DEFAULT.name;
            output::detail(global, &format!("there is no {DEFAULT_FILE} here: this is the preset `{name}`"));
            return presets::DEFAULT.document().map_err(Error::Stack);
        }
    };
    let name = global.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE)).display().to_string();
    output::detail(global, &format!("reading {name}"));
    Document::parse(&text, &name).map_err(Error::Stack)
}

/// Late values that are known from elsewhere.
pub(crate) fn outputs(path: Option<&Path>) -> Result<Outputs, Error> {
    let Some(path) = path else { return Ok(Outputs::default()) };
    Outputs::from_json(&read(path)?).map_err(|error| Error::Input {
        message: format!("{}: {error}", path.display()),
        hint: "give the JSON that `status --output json` prints, or an object of names and values".to_owned(),
    })
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}
