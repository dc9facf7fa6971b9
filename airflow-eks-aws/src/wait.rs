//! Waiting for what AWS does in its own time.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::error::{Class, Error};

/// The shortest and the longest pause between two looks.
const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);

/// Looks again and again until there is something, or until the deadline. The pause grows with the time waited, so that
/// little is lost of a short wait, and little asked during a long one.
pub(crate) async fn until<T, E, F>(deadline: Duration, look: impl Fn() -> F + Send) -> Result<Option<T>, E>
where
    F: Future<Output = Result<Option<T>, E>> + Send,
{
    let started = Instant::now();
    loop {
        if let Some(value) = look().await? {
            return Ok(Some(value));
        }
        let waited = started.elapsed();
        if waited > deadline {
            return Ok(None);
        }
        sleep((waited / 30).clamp(SHORTEST, LONGEST)).await;
    }
}

/// How often something that looks before it acts is tried where nobody knows whether it was done.
const ATTEMPTS: u32 = 5;

/// Does something that looks first and then does what is missing; again, where a call in it got no answer.
pub(crate) async fn looking_first<F>(attempt: impl Fn() -> F + Send) -> Result<(), Error>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    for number in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.class == Class::Ambiguous => sleep(SHORTEST * number).await,
            done => return done,
        }
    }
    attempt().await
}
