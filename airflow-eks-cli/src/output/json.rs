//! One JSON document.

use airflow_eks_core::{Problem, render};
use serde_json::{Value, json};

use crate::error::Error;

/// An error as a document.
pub(super) fn error(error: &Error) -> String {
    let problems: Vec<Value> = match error {
        Error::Stack(problems) => problems.iter().map(problem).collect(),
        other => vec![json!({ "message": other.to_string(), "help": other.hint() })],
    };
    render::json(&json!({ "valid": false, "problems": problems }))
}

fn problem(problem: &Problem) -> Value {
    let location = problem.location.as_ref();
    json!({
        "file": location.map(|location| &location.file),
        "line": location.map(|location| location.line),
        "column": location.map(|location| location.column),
        "path": problem.path.to_string(),
        "message": problem.message,
        "help": problem.hint,
    })
}
