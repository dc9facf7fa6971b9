//! One call of an AWS API: waits for its turn, retries what may be retried, and names resource and operation when it fails.

use std::future::Future;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::{Instant, sleep};

use crate::clients::Aws;
use crate::error::{Class, Error, classify};

/// An operation of an AWS API, and what may be done when nobody knows whether it was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: OperationKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationKind {
    /// Changes nothing.
    Read,
    /// Doing it twice is the same as doing it once: it goes by a name, or by a token of the client.
    Repeatable,
    /// Doing it twice makes two. After no answer, the caller has to look before it asks again.
    Once,
    /// Deletes. What is still in use is asked for again until it is not.
    Delete,
}

impl Operation {
    pub(crate) const fn read(service: &'static str, name: &'static str) -> Self {
        Self { service, name, kind: OperationKind::Read }
    }

    pub(crate) const fn repeatable(service: &'static str, name: &'static str) -> Self {
        Self { service, name, kind: OperationKind::Repeatable }
    }

    pub(crate) const fn once(service: &'static str, name: &'static str) -> Self {
        Self { service, name, kind: OperationKind::Once }
    }

    pub(crate) const fn delete(service: &'static str, name: &'static str) -> Self {
        Self { service, name, kind: OperationKind::Delete }
    }
}

/// How long a call is asked again, by why.
fn patience(kind: OperationKind, class: Class) -> Duration {
    match (class, kind) {
        (Class::Throttled, _) => Duration::from_mins(5),
        (Class::NotYet, _) => Duration::from_mins(2),
        // What a new resource refers to was seen by another call just now.
        (Class::NotFound, OperationKind::Once | OperationKind::Repeatable) => Duration::from_secs(20),
        (Class::InUse, OperationKind::Delete) => Duration::from_mins(10),
        (Class::InUse, OperationKind::Once | OperationKind::Repeatable) => Duration::from_mins(10),
        (Class::Ambiguous, OperationKind::Once) => Duration::ZERO,
        (Class::Ambiguous, _) => Duration::from_mins(1),
        _ => Duration::ZERO,
    }
}

/// The longest pause between two attempts: throttling asks for patience, the rest for a quick answer.
fn longest_pause(class: Class) -> Duration {
    match class {
        Class::Throttled => Duration::from_secs(20),
        _ => Duration::from_secs(5),
    }
}

impl Aws {
    /// Calls an operation. `send` makes the request anew for each attempt.
    pub(crate) async fn call<T, E, F>(
        &self,
        operation: Operation,
        resource: impl ToString,
        send: impl Fn() -> F + Send,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let started = Instant::now();
        let mut pause = Duration::from_millis(200);
        loop {
            self.limits.turn(operation).await;
            // On the heap: the SDK's futures are large, and a kind's are made of many.
            let error = match Box::pin(send()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => failed(operation, resource.to_string(), &error),
            };
            tracing::debug!(operation = error.failure.operation, class = ?error.class, "{}", error.failure);
            if started.elapsed() + pause > patience(operation.kind, error.class) {
                return Err(error);
            }
            // Not all at once: several that were refused together would be refused together again.
            sleep(pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
            pause = (pause * 2).min(longest_pause(error.class));
        }
    }
}

fn failed<E>(operation: Operation, resource: String, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let (code, message, class) = match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let meta = answer.err().meta();
            let code = meta.code().map_or_else(|| status.to_string(), str::to_owned);
            let message = meta.message().unwrap_or("no further explanation").to_owned();
            let class = classify(operation.service, &code, &message, Some(status));
            (Some(code), message, class)
        }
        other => {
            let said = told(other);
            let class = match other {
                // Without credentials a request never leaves, whichever stage says so.
                SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_)
                    if said.contains("credential") =>
                {
                    Class::Denied
                }
                SdkError::ConstructionFailure(_) => Class::Other,
                _ => Class::Ambiguous,
            };
            (None, said, class)
        }
    };
    let hint = hint(class).map(str::to_owned);
    let operation = format!("{}:{}", operation.service, operation.name);
    Error { failure: Failure { resource, operation, code, message, hint }, class }
}

/// What an error and its sources say. Never what they hold: that of an answer which could not be read may be a secret.
pub(crate) fn told(error: &dyn std::error::Error) -> String {
    let mut said = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        let words = error.to_string();
        if said.last() != Some(&words) {
            said.push(words);
        }
        source = error.source();
    }
    said.join(": ")
}

fn hint(class: Class) -> Option<&'static str> {
    match class {
        Class::Denied => Some("check the credentials in use, and that they may make this call"),
        Class::Quota => Some("ask for more in Service Quotas, or delete what is not needed"),
        Class::Throttled => Some("something else is using up the account's request limits: run again later"),
        _ => None,
    }
}
