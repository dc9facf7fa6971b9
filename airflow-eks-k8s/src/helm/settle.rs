//! Releases that are in the middle of something: waited for, or mended where nobody works on them any more.

use std::time::{Duration, SystemTime};

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use tokio::time::Instant;

use super::call::Call;
use super::failure::because;
use super::live_run::{self, Owner};
use super::releases::Releases;
use super::stored::{self, Entry, Revision};
use super::values::Masks;

/// After this long nobody works on a pending revision any more. Helm gives up after 5 minutes where it is told nothing else.
const ABANDONED_AFTER: Duration = Duration::from_secs(15 * 60);
/// Between two looks at what others do.
pub(super) const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

impl Releases {
    /// The revisions of a release that nobody works on. `is_wanted` says of an interrupted revision whether it is what is wanted
    /// now.
    pub(super) async fn settled(
        &self,
        id: &ReleaseId,
        is_wanted: &(dyn Fn(&Entry, &Revision) -> bool + Sync),
    ) -> Result<Vec<Entry>, Failure> {
        let since = Instant::now();
        loop {
            let history = stored::history(&self.client, id).await?;
            let Some(last) = history.last() else { return Ok(history) };
            if last.status == "uninstalling" {
                self.finish_uninstalling(id).await?;
                continue;
            }
            if !last.is_pending() {
                return Ok(history);
            }
            if is_abandoned(last) {
                self.mend(id, &history, last, is_wanted).await?;
                continue;
            }
            if since.elapsed() > self.limit {
                return Err(Failure {
                    code: Some(last.status.clone()),
                    hint: Some(
                        "let the other helm finish, and run this again; if there is none, it is mended 15 minutes after it began"
                            .to_owned(),
                    ),
                    ..because(id, "wait for another helm", format!("another helm is at work on revision {}", last.revision))
                });
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// Ends the lock that a pending revision is. The objects that the revision made are taken over by the next one: by Helm
    /// itself, where it was the first or is the one that is wanted; otherwise by going back to the last good one, because Helm
    /// would forget about objects that only the interrupted one had. Nothing is uninstalled, so nothing is lost.
    async fn mend(
        &self,
        id: &ReleaseId,
        history: &[Entry],
        last: &Entry,
        is_wanted: &(dyn Fn(&Entry, &Revision) -> bool + Sync),
    ) -> Result<(), Failure> {
        let Some(revision) = stored::read(&self.client, id, last).await? else { return Ok(()) };
        tracing::info!(release = %id, revision = last.revision, status = last.status, "mending an interrupted revision");
        if !stored::mark_as_failed(&self.client, id, last, "interrupted, and mended by airflow-eks").await? {
            return Ok(());
        }
        live_run::forget(last);
        match history.iter().rev().find(|entry| entry.status == "deployed") {
            Some(good) if last.status == "pending-upgrade" && !is_wanted(last, &revision) => {
                self.roll_back(id, good.revision, false).await
            }
            _ => Ok(()),
        }
    }

    /// Goes back to an earlier revision.
    pub(super) async fn roll_back(&self, id: &ReleaseId, revision: u64, wait: bool) -> Result<(), Failure> {
        let masks = Masks::default();
        let mut call = Call::new(id, "helm rollback", &masks, self.stopped_after())
            .argument(id.name.as_str())
            .argument(revision.to_string())
            .arguments(&["--namespace", &id.namespace, "--history-max=10"])
            .argument(self.timeout());
        if wait {
            call = call.argument("--wait");
        }
        call.run(&self.program, Some(&self.access)).await.map(drop)
    }
}

/// Whether nobody works on a pending revision any more.
pub(super) fn is_abandoned(entry: &Entry) -> bool {
    match live_run::owner(entry) {
        Owner::Dead => true,
        Owner::Alive => false,
        Owner::Unknown => age(entry).is_some_and(|age| age > ABANDONED_AFTER),
    }
}

/// How long ago a revision was begun.
fn age(entry: &Entry) -> Option<Duration> {
    // A clock that is behind the server's makes it younger, never older.
    entry.created.and_then(|created| SystemTime::now().duration_since(created).ok())
}
