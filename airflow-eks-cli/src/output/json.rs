//! One JSON document.

use airflow_eks_core::{Problem, render};
use serde_json::{Value, json};

use crate::error::Error;

/// An error as a document.
pub(super) fn error(error: &Error) -> String {
    render::json(&json!({ "valid": false, "problems": problems(error) }))
}

/// An error as the last line of a stream of events.
pub(super) fn error_event(error: &Error) -> Value {
    json!({ "event": "error", "problems": problems(error) })
}

fn problems(error: &Error) -> Vec<Value> {
    match error {
        Error::Stack(problems) => problems.iter().map(problem).collect(),
        other => vec![json!({ "message": other.to_string(), "help": other.hint() })],
    }
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

/// An event: one line of `apply` and `destroy`.
#[cfg(feature = "k8s")]
pub(super) fn event(event: &airflow_eks_core::engine::Event) -> Value {
    use airflow_eks_core::engine::Event;
    let (name, action, more) = match event {
        Event::Started { action, .. } => ("started", action, json!({})),
        Event::Finished { action, .. } => ("finished", action, json!({})),
        Event::Failed { action, failure, .. } => (
            "failed",
            action,
            json!({ "operation": failure.operation, "code": failure.code, "message": failure.message,
                "help": failure.hint }),
        ),
        Event::Skipped { action, because, .. } => {
            ("skipped", action, json!({ "because": because.to_string() }))
        }
        _ => return json!({ "event": "other", "resource": event.id().to_string() }),
    };
    let mut line = json!({ "event": name, "resource": event.id().to_string(), "action": action.name() });
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more);
    }
    line
}
