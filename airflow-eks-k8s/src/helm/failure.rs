//! What went wrong, in the engine's terms.

use airflow_eks_core::engine::Failure;

/// A failure of which there is nothing more to say than why.
pub(super) fn because(resource: impl ToString, operation: &str, message: impl ToString) -> Failure {
    Failure {
        resource: resource.to_string(),
        operation: operation.to_owned(),
        code: None,
        message: message.to_string(),
        hint: None,
    }
}

/// What the API server answered, or why it did not.
pub(super) fn of_kube(resource: impl ToString, operation: &str, error: &kube::Error) -> Failure {
    match error {
        kube::Error::Api(status) => {
            let code = if status.reason.is_empty() { status.code.to_string() } else { status.reason.clone() };
            Failure { code: Some(code), ..because(resource, operation, &status.message) }
        }
        other => because(resource, operation, with_sources(other)),
    }
}

/// The HTTP status of an answer.
pub(super) fn code(error: &kube::Error) -> Option<u16> {
    match error {
        kube::Error::Api(status) => Some(status.code),
        _ => None,
    }
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let said = inner.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = inner.source();
    }
    text
}
