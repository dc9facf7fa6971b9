//! What every request goes through: it waits its turn, carries a token, and is repeated where it may be.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use kube::client::{Body, DynBody};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};
use tower::{BoxError, Service, ServiceExt};

use super::tokens::Tokens;

/// How many requests are under way at most. An API server gains nothing from more.
const TURNS: usize = 16;
/// How long an API server that has answered before may be away: as long as it takes to start again.
const AWAY: Duration = Duration::from_secs(90);
/// How long one that answers is given to come to itself.
const BUSY: Duration = Duration::from_secs(120);
/// How long it may not know somebody who has just been let in.
const UNKNOWN_TO_IT: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_ASKED: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What requests share.
pub(super) struct Manners {
    turns: Semaphore,
    has_answered: AtomicBool,
    /// How long the first answer is waited for.
    first_answer: Duration,
    tokens: Option<Tokens>,
}

impl Manners {
    pub(super) fn new(first_answer: Duration, tokens: Option<Tokens>) -> Self {
        let has_answered = AtomicBool::new(false);
        Self { turns: Semaphore::new(TURNS), has_answered, first_answer, tokens }
    }
}

/// Sends requests with [`Manners`].
#[derive(Clone)]
pub(super) struct Patient<S> {
    inner: S,
    manners: Arc<Manners>,
}

impl<S> Patient<S> {
    pub(super) fn new(inner: S, manners: Arc<Manners>) -> Self {
        Self { inner, manners }
    }
}

type Answer = Response<Box<DynBody>>;

impl<S> Service<Request<Body>> for Patient<S>
where
    S: Service<Request<Body>, Response = Answer, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Answer;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Answer, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (inner, manners) = (self.inner.clone(), Arc::clone(&self.manners));
        Box::pin(async move { manners.send(inner, request).await })
    }
}

impl Manners {
    async fn send<S>(&self, inner: S, request: Request<Body>) -> Result<Answer, BoxError>
    where
        S: Service<Request<Body>, Response = Answer, Error = BoxError> + Clone,
    {
        let (parts, body) = request.into_parts();
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut body = Some(body);
        loop {
            // A body that cannot be repeated is sent once.
            let again = body.as_ref().and_then(Body::try_clone);
            let this = std::mem::replace(&mut body, again).unwrap_or_else(Body::empty);
            let mut request = Request::from_parts(parts.clone(), this);
            if let Some(tokens) = &self.tokens {
                request.headers_mut().insert(AUTHORIZATION, tokens.header().await?);
            }
            let answer = {
                let _turn = self.turns.acquire().await?;
                inner.clone().oneshot(request).await
            };
            let wait = match &answer {
                Ok(answer) => {
                    let (status, asked) = (answer.status(), asked_to_wait(answer.headers()));
                    self.after_answer(status, asked, begun.elapsed()).await
                }
                Err(error) => self.after_error(error, &parts.method, begun.elapsed()),
            };
            let Some(asked) = wait.filter(|_| body.is_some()) else { return answer };
            sleep(asked.max(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// How long to wait before it is asked again; nothing where this is the answer.
    async fn after_answer(
        &self,
        status: StatusCode,
        asked: Option<Duration>,
        elapsed: Duration,
    ) -> Option<Duration> {
        self.has_answered.store(true, Ordering::Relaxed);
        match status {
            // Nothing of it was done: see
            // <https://kubernetes.io/docs/concepts/cluster-administration/flow-control/>.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE if elapsed < BUSY => {
                Some(asked.unwrap_or_default())
            }
            StatusCode::UNAUTHORIZED if elapsed < UNKNOWN_TO_IT => {
                let tokens = self.tokens.as_ref()?;
                tokens.forget().await;
                Some(Duration::from_secs(2))
            }
            _ => None,
        }
    }

    fn after_error(&self, error: &BoxError, method: &Method, elapsed: Duration) -> Option<Duration> {
        let patience = if self.has_answered.load(Ordering::Relaxed) { AWAY } else { self.first_answer };
        let may_repeat = match lost(error)? {
            Lost::BeforeSending => true,
            // Everything but a POST comes to the same when it is done twice.
            Lost::Afterwards => method != Method::POST,
        };
        (may_repeat && elapsed < patience).then_some(Duration::ZERO)
    }
}

/// How long a server asks to be left alone.
fn asked_to_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_ASKED))
}

enum Lost {
    BeforeSending,
    Afterwards,
}

/// Whether a connection that was there is no more.
fn is_lost(kind: ErrorKind) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, TimedOut, UnexpectedEof};
    matches!(kind, ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected | TimedOut | UnexpectedEof)
}

/// How a connection was lost; nothing where it was something else that went wrong.
fn lost(error: &BoxError) -> Option<Lost> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error.as_ref());
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<std::io::Error>() {
            // What goes wrong in a TLS handshake is wrapped, and is no `source`; nothing has been sent by then.
            let in_handshake = error.get_ref().and_then(|inner| inner.downcast_ref::<std::io::Error>());
            if in_handshake.is_some_and(|inner| is_lost(inner.kind())) {
                return Some(Lost::BeforeSending);
            }
            match error.kind() {
                ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                    return Some(Lost::BeforeSending);
                }
                kind if is_lost(kind) => return Some(Lost::Afterwards),
                _ => {}
            }
        }
        // The name of a new cluster takes a while to be known everywhere. The client has no type for this.
        let says = error.to_string();
        if says.contains("dns error") || says.contains("failed to lookup address") {
            return Some(Lost::BeforeSending);
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_canceled() || error.is_closed())
        {
            return Some(Lost::Afterwards);
        }
        source = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Error;

    use super::*;

    #[test]
    fn a_connection_that_is_reset_in_its_handshake_has_sent_nothing() {
        let reset = || Error::from(ErrorKind::ConnectionReset);
        assert!(matches!(lost(&Error::other(reset()).into()), Some(Lost::BeforeSending)));
        assert!(matches!(lost(&reset().into()), Some(Lost::Afterwards)));
        assert!(lost(&Error::other("a certificate that nobody knows").into()).is_none());
    }
}
