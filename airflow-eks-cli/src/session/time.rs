//! How long a command may take.

use std::future::Future;
use std::time::Duration;

use crate::error::Error;

/// Does work until it is done, the time is up, or it is interrupted.
pub(crate) async fn within<T>(
    timeout: Option<Duration>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let time_is_up = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        done = work => done,
        () = time_is_up => Err(cut_short("the time is up")),
        _ = tokio::signal::ctrl_c() => Err(cut_short("interrupted")),
    }
}

fn cut_short(why: &str) -> Error {
    Error::Failed {
        message: format!("{why}: not everything is done"),
        hint: Some("what was asked for goes on; run the same command again to go on from there".to_owned()),
    }
}

/// Runs what waits for answers.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Error::Failed { message: format!("cannot start: {error}"), hint: None })?;
    runtime.block_on(work)
}
