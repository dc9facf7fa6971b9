//! One request to an API server.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Method, StatusCode};
use kube::Client;
use kube::client::Body;
use kube::core::Status;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use crate::error::Error;

/// How long one request may take, with everything that is waited and repeated for it.
const LONGEST: Duration = Duration::from_secs(240);
/// How long something that goes away by itself is waited for.
const PASSING: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_secs(1);

const JSON: &str = "application/json";
/// What the server answers with when only metadata is asked for.
pub(crate) const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
/// Server-side apply. JSON is YAML too.
pub(crate) const APPLY: &str = "application/apply-patch+yaml";

/// Everything but what RFC 3986 lets stand in a path and in a query.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Part of a path, or a value in a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// One request to an API server.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    method: Method,
    path: String,
    query: Vec<String>,
    accept: &'static str,
    content_type: &'static str,
    body: Bytes,
    /// How long something is waited for that goes away by itself.
    passing: Duration,
}

impl Call {
    pub(crate) fn new(method: Method, path: String) -> Self {
        let (accept, content_type) = (JSON, JSON);
        Self { method, path, query: Vec::new(), accept, content_type, body: Bytes::new(), passing: PASSING }
    }

    pub(crate) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, key: &str, value: &str) -> Self {
        self.query.push(format!("{key}={}", escaped(value)));
        self
    }

    /// Takes the first answer: a question can be asked again another time.
    pub(crate) fn at_once(mut self) -> Self {
        self.passing = Duration::ZERO;
        self
    }

    pub(crate) fn accepting(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    pub(crate) fn content_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    pub(crate) fn body(mut self, body: &Value) -> Self {
        self.body = Bytes::from(body.to_string());
        self
    }

    /// Sends it, again where something passing is in the way, and reads the answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, client: &Client) -> Result<T, Error> {
        let (_, bytes) = self.send_for_bytes(client).await?;
        // The message of the error tells where it is, and no value.
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::NotUnderstood(format!("line {}, column {}", error.line(), error.column()))
        })
    }

    /// Sends it, and reads the answer; nothing where there is none such.
    pub(crate) async fn find<T: DeserializeOwned>(&self, client: &Client) -> Result<Option<T>, Error> {
        match self.send(client).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn send_for_bytes(&self, client: &Client) -> Result<(StatusCode, Bytes), Error> {
        let begun = Instant::now();
        loop {
            let answer = match timeout(LONGEST, self.send_once(client)).await {
                Ok(answer) => answer,
                Err(_) => Err(Error::Late(LONGEST)),
            };
            match answer {
                Err(error) if error.is_passing() && begun.elapsed() < self.passing => sleep(PAUSE).await,
                answer => return answer,
            }
        }
    }

    async fn send_once(&self, client: &Client) -> Result<(StatusCode, Bytes), Error> {
        let uri = match self.query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, self.query.join("&")),
        };
        let request = http::Request::builder()
            .method(self.method.clone())
            .uri(uri)
            .header(ACCEPT, self.accept)
            .header(CONTENT_TYPE, self.content_type)
            .body(Body::from(self.body.clone()))
            .map_err(|error| Error::Failed(kube::Error::HttpError(error)))?;
        let answer = client.send(request).await.map_err(Error::Failed)?;
        let status = answer.status();
        let bytes = answer.into_body().collect_bytes().await.map_err(Error::Failed)?;
        if status.is_success() { Ok((status, bytes)) } else { Err(refused(status, &bytes)) }
    }
}

/// What a server says when it says no. A proxy in between may say it in its own words.
fn refused(code: StatusCode, bytes: &[u8]) -> Error {
    let mut status = serde_json::from_slice::<Status>(bytes).unwrap_or_else(|_| {
        let text: String = String::from_utf8_lossy(bytes).trim().chars().take(300).collect();
        Status::failure(if text.is_empty() { code.as_str() } else { &text }, "")
    });
    status.code = code.as_u16();
    Error::Refused(status.boxed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place() {
        assert_eq!(escaped("a/../b?x=y&z%"), "a%2F..%2Fb%3Fx%3Dy%26z%25");
    }

    #[test]
    fn an_answer_that_is_no_status_is_still_one() {
        let error = refused(StatusCode::BAD_GATEWAY, b"<html>bad gateway</html>");
        assert_eq!((error.code(), error.to_string().as_str()), (502, "<html>bad gateway</html>"));
    }
}
