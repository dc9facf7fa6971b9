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

/// Every item of an operation that answers in pages.
///
/// Takes the connection, the operation, the resource, the request without its token, and the field of the items; and for
/// services that call the token otherwise, the names of its setter and its getter.
macro_rules! every_page {
    ($aws:expr, $operation:expr, $resource:expr, $request:expr, $items:ident) => {
        crate::pages::every_page!($aws, $operation, $resource, $request, $items, set_next_token, next_token)
    };
    ($aws:expr, $operation:expr, $resource:expr, $request:expr, $items:ident, $set:ident, $get:ident) => {{
        let mut all = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let answer = $aws.call($operation, $resource, || $request.$set(next.clone()).send()).await?;
            next = answer.$get().filter(|token| !token.is_empty()).map(str::to_owned);
            all.extend(answer.$items.unwrap_or_default());
            if next.is_none() {
                break all;
            }
        }
    }};
}

pub(crate) use every_page;
