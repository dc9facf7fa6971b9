//! What can go wrong with a request, sorted once.

use std::io::ErrorKind;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use kube::core::Status;

/// Why a request did not give what it was to give.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The API server's answer.
    #[error("{}", .0.message)]
    Refused(Box<Status>),
    /// No answer came.
    #[error(transparent)]
    Failed(kube::Error),
    /// No answer came in time.
    #[error("no answer within {} s", .0.as_secs())]
    Late(Duration),
    /// The answer was not understood. What it was is not repeated: it may hold secrets.
    #[error("its answer was not understood: {0}")]
    NotUnderstood(String),
}

impl From<kube::Error> for Error {
    fn from(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) => Self::Refused(status),
            error => Self::Failed(error),
        }
    }
}

impl Error {
    /// The API server's answer, where there is one.
    pub(crate) fn status(&self) -> Option<&Status> {
        match self {
            Self::Refused(status) => Some(status),
            _ => None,
        }
    }

    /// The code of the answer.
    pub(crate) fn code(&self) -> u16 {
        self.status().map_or(0, |status| status.code)
    }

    /// Whether it is not there, or lies in a namespace that is not.
    pub(crate) fn is_not_found(&self) -> bool {
        self.code() == 404
    }

    /// Whether somebody else was quicker, or keeps a field.
    pub(crate) fn is_conflict(&self) -> bool {
        self.code() == 409
    }

    /// Whether a list was read so slowly that its next page is gone.
    pub(crate) fn is_expired(&self) -> bool {
        self.code() == 410
    }

    /// Whether the same is worth asking again in a moment: what is in the way goes away by itself.
    pub(crate) fn is_passing(&self) -> bool {
        let Some(status) = self.status() else { return false };
        let says = |text: &str| status.message.contains(text);
        match status.code {
            500 => {
                says("etcdserver: leader changed")
                    || says("etcdserver: request timed out")
                    || says("failed calling webhook")
                    || says("raft proposal dropped")
                    // A server that has just started does not know its addresses yet.
                    || says("failed to allocate a serviceIP: range is full")
            }
            504 => true,
            403 => says("because it is being terminated"),
            _ => false,
        }
    }
}

/// The failure of an operation on a resource.
pub(crate) fn failure(resource: &str, operation: &str, error: &Error) -> Failure {
    let (code, message, hint) = match error {
        Error::Refused(status) => {
            let code = if status.reason.is_empty() { status.code.to_string() } else { status.reason.clone() };
            (Some(code), status.message.clone(), hint(status))
        }
        Error::Failed(kube::Error::Service(error)) => {
            // What tells us the token says by itself what is wrong.
            if let Some(failure) = error.downcast_ref::<Failure>() {
                return failure.clone();
            }
            let (message, hint) = unreachable(error.as_ref());
            (None, message, hint)
        }
        Error::Failed(kube::Error::Auth(error)) => {
            let hint = "log in again; kubectl has to work with the same context";
            (None, without_output(error), Some(hint.to_owned()))
        }
        Error::Failed(error) => {
            let (message, hint) = unreachable(error);
            (None, message, hint)
        }
        Error::Late(_) | Error::NotUnderstood(_) => (None, error.to_string(), None),
    };
    Failure { resource: resource.to_owned(), operation: operation.to_owned(), code, message, hint }
}

/// A failure that no request had.
pub(crate) fn other(resource: &str, operation: &str, message: impl Into<String>) -> Failure {
    Failure {
        resource: resource.to_owned(),
        operation: operation.to_owned(),
        code: None,
        message: message.into(),
        hint: None,
    }
}

fn hint(status: &Status) -> Option<String> {
    let hint = match status.code {
        401 => "log in again: the cluster does not know who you are, or no longer",
        403 if status.message.contains("exceeded quota") => "raise the ResourceQuota, or ask for less",
        403 if status.message.contains("being terminated") => {
            "wait until the namespace is gone, and run this again"
        }
        403 => "your user lacks this right: ask for it, or use a user that may administer the cluster",
        404 if status.message.contains("namespaces \"") => "make its namespace first",
        409 if is_kept_by_others(status) => "take the field out of one of both, or `--adopt` takes it over",
        500 if status.message.contains("failed calling webhook") => {
            "a webhook of the cluster does not answer: look at the pods behind its Service"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

fn is_kept_by_others(status: &Status) -> bool {
    let details = status.details.as_ref();
    details.is_some_and(|details| details.causes.iter().any(|cause| cause.reason == "FieldManagerConflict"))
}

/// Why no answer came, from the innermost error, and what to do about it.
fn unreachable(error: &(dyn std::error::Error + 'static)) -> (String, Option<String>) {
    let mut innermost = error;
    let mut hint = None;
    let mut source = Some(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            hint = hint.or(match error.kind() {
                ErrorKind::ConnectionRefused => Some("nothing listens there: is the cluster running, and the address right?"),
                ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                    Some("a private cluster is only reached from its own network: check VPN, proxy and security groups")
                }
                _ => None,
            });
        }
        let text = error.to_string();
        if text.contains("certificate") {
            hint = hint.or(Some("its certificate is not signed by the authority that is known for it: is this the right cluster?"));
        } else if text.contains("lookup address") || text.contains("dns error") {
            hint = hint.or(Some("its name is not known: check the address, VPN and DNS"));
        }
        innermost = error;
        source = error.source();
    }
    (innermost.to_string(), hint.map(str::to_owned))
}

/// What went wrong with a login, without what the program printed: that may hold a token.
fn without_output(error: &kube::client::AuthError) -> String {
    match error {
        kube::client::AuthError::AuthExecRun { cmd, out } => {
            let said = String::from_utf8_lossy(&out.stderr);
            format!("`{cmd}` ended with {}: {}", out.status, said.trim())
        }
        kube::client::AuthError::AuthExecParse(_) => {
            "the answer of the login program was not understood".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, reason: &str, message: &str) -> Error {
        Error::Refused(Status::failure(message, reason).with_code(code).boxed())
    }

    #[test]
    fn a_failure_names_resource_and_operation() {
        let error = refused(403, "Forbidden", "deployments.apps is forbidden");
        let failure = failure("Deployment airflow/airflow-scheduler", "patch", &error);
        assert_eq!(
            failure.to_string(),
            "Deployment airflow/airflow-scheduler: patch failed with Forbidden: deployments.apps is forbidden"
        );
        assert!(failure.hint.unwrap().contains("right"));
    }

    #[test]
    fn only_what_goes_away_by_itself_is_asked_again() {
        assert!(refused(500, "", "etcdserver: leader changed").is_passing());
        assert!(
            refused(500, "InternalError", "failed calling webhook \"x\": connection refused").is_passing()
        );
        assert!(!refused(500, "InternalError", "some other error").is_passing());
        assert!(!refused(403, "Forbidden", "no").is_passing());
    }

    #[test]
    fn a_login_that_fails_shows_nothing_of_its_output() {
        use std::os::unix::process::ExitStatusExt;
        let out = std::process::Output {
            status: std::process::ExitStatus::from_raw(256),
            stdout: b"hunter2".to_vec(),
            stderr: b"expired".to_vec(),
        };
        let error = kube::client::AuthError::AuthExecRun { cmd: "aws".to_owned(), out: Box::new(out) };
        let failure = failure("the cluster", "connect", &Error::Failed(kube::Error::Auth(error)));
        assert!(
            failure.message.contains("expired") && !format!("{failure:?}").contains("hunter2"),
            "{failure}"
        );
    }
}
