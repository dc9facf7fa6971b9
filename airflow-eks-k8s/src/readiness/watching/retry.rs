//! What to think of errors while waiting: a server that restarts is waited for, a refusal is not.

use std::time::Duration;

use kube::runtime::{
    utils::{Backoff, ResetTimerBackoff},
    watcher,
};

use crate::refusal::{in_words, is_refusal};

/// How long refusals are borne: a server that has just started refuses until it has read its roles, and a kind that
/// has just been defined is not served at once.
pub(super) const REFUSALS: Duration = Duration::from_secs(10);

/// The longest time between two attempts.
const LONGEST: Duration = Duration::from_secs(3);

/// How long all must have been well before pauses are short again: a watch tells of its beginning even where its list
/// is refused.
const WELL: Duration = Duration::from_secs(10);

/// The pauses between the attempts of a watch.
pub(super) fn pauses_of_watch() -> impl Backoff {
    ResetTimerBackoff::new(Pauses::default(), WELL)
}

/// Pauses that grow up to a few seconds: somebody is waiting.
#[derive(Default)]
pub(super) struct Pauses {
    count: u32,
}

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let pause = Duration::from_millis(100 << self.count.min(5));
        self.count = self.count.saturating_add(1);
        Some(pause.min(LONGEST))
    }
}

impl Backoff for Pauses {
    fn reset(&mut self) {
        self.count = 0;
    }
}

/// Whether the server understood and refuses a watch.
pub(super) fn is_refused_watch(error: &watcher::Error) -> bool {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => is_refusal(error),
        watcher::Error::NoResourceVersion => true,
        watcher::Error::WatchError(_) => false,
    }
}

/// What an error of a watch says.
pub(super) fn watch_in_words(error: &watcher::Error) -> String {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => in_words(error),
        watcher::Error::WatchError(status) => status.message.clone(),
        watcher::Error::NoResourceVersion => "it cannot be watched".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_start_over() {
        let mut pauses = Pauses::default();
        let first: Vec<_> = pauses.by_ref().take(3).map(|pause| pause.as_millis()).collect();
        assert_eq!(first, [100, 200, 400]);
        assert_eq!(pauses.by_ref().nth(100), Some(LONGEST));
        pauses.reset();
        assert_eq!(pauses.next(), Some(Duration::from_millis(100)));
    }
}
