//! Answers that come in pages.

use std::future::Future;

use crate::error::Error;

/// Collects all pages. `ask` gets the token of a page, none for the first, and gives what is on it with the token of the
/// next one.
pub(crate) async fn pages<T, F>(ask: impl Fn(Option<String>) -> F + Send) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), Error>> + Send,
    T: Send,
{
    let mut all = Vec::new();
    let mut token = None;
    loop {
        let (page, next) = ask(token).await?;
        all.extend(page);
        match next {
            Some(next) if !next.is_empty() => token = Some(next),
            _ => return Ok(all),
        }
    }
}
