//! What went wrong, in the engine's terms.

use airflow_eks_core::engine::Failure;

use crate::error::{self, Error};

/// A failure of which there is nothing more to say than why.
pub(super) fn because(resource: impl ToString, operation: &str, message: impl ToString) -> Failure {
    error::other(&resource.to_string(), operation, message.to_string())
}

/// What the API server answered, or why it did not.
pub(super) fn of_kube(resource: impl ToString, operation: &str, error: kube::Error) -> Failure {
    let error = match error {
        kube::Error::Api(status) => Error::Refused(status),
        other => Error::Failed(other),
    };
    error::failure(&resource.to_string(), operation, &error)
}

/// The HTTP status of an answer.
pub(super) fn code(error: &kube::Error) -> Option<u16> {
    match error {
        kube::Error::Api(status) => Some(status.code),
        _ => None,
    }
}
