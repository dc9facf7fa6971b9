//! Answers that come in pages.

use std::future::Future;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;

impl Aws {
    /// Every item of an operation that answers in pages. The SDK's own way to that has no place for `call`, which each
    /// page goes through.
    ///
    /// `send` asks for the page of a token, none for the first. `read` takes from a page its items, which some services
    /// leave out where there are none, and the token of the next one.
    pub(crate) async fn every_page<T, I, P, E, F>(
        &self,
        operation: Operation,
        resource: impl ToString,
        send: impl Fn(Option<String>) -> F + Send + Sync,
        read: impl Fn(P) -> (I, Option<String>) + Send,
    ) -> Result<Vec<T>, Error>
    where
        I: Into<Option<Vec<T>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Future<Output = Result<P, SdkError<E, HttpResponse>>> + Send,
    {
        let resource = resource.to_string();
        let mut all = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = self.call(operation, &resource, || send(token.clone())).await?;
            let (items, next) = read(page);
            all.extend(items.into().unwrap_or_default());
            match next {
                Some(next) if !next.is_empty() => token = Some(next),
                _ => return Ok(all),
            }
        }
    }
}
