//! Releases that are in the middle of something: waited for, or mended where nobody works on them any more.

use std::time::{Duration, SystemTime};

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use tokio::time::Instant;

use super::call::Call;
use super::failure::because;
use super::live_run::{self, Owner};
use super::releases::Releases;
use super::stored::{self, Entry};
use super::values::Masks;

/// After this long nobody works on a pending revision any more. Helm gives up after 5 minutes where it is told nothing else.
const ABANDONED_AFTER: Duration = Duration::from_secs(15 * 60);
/// Between two looks at what others do.
pub(super) const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

impl Releases {
    /// The revisions of a release that nobody works on.
    pub(super) async fn settled(&self, id: &ReleaseId) -> Result<Vec<Entry>, Failure> {
        let since = Instant::now();
        loop {
            let history = stored::history(&self.client, id).await?;
            let Some(last) = history.last() else { return Ok(history) };
            if last.status == "uninstalling" {
                let objects = self.objects_of(id, last).await?;
                self.refuse_instances_of_others(id, &objects).await?;
                self.finish_uninstalling(id).await?;
                continue;
            }
            if !last.is_pending() {
                return Ok(history);
            }
            if is_abandoned(last) {
                self.mend(id, last).await?;
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

    /// Ends the lock that a pending revision is. The next one takes over its objects, and deletes those that it does not have.
    /// Nothing is uninstalled, so nothing is lost.
    async fn mend(&self, id: &ReleaseId, last: &Entry) -> Result<(), Failure> {
        tracing::info!(release = %id, revision = last.revision, status = last.status, "mending an interrupted revision");
        if stored::mark_as_failed(&self.client, id, last, "interrupted, and mended by airflow-eks").await? {
            live_run::forget(last);
        }
        Ok(())
    }

    /// Goes back to an earlier revision.
    pub(super) async fn roll_back(&self, id: &ReleaseId, revision: u64) -> Result<(), Failure> {
        match self.roll_back_once(id, revision).await {
            // Helm stumbles over objects that are there and that the failed revision did not have. The failed rollback has them.
            Err(failure) if failure.message.contains("with the name") => {
                self.roll_back_once(id, revision).await
            }
            done => done,
        }
    }

    async fn roll_back_once(&self, id: &ReleaseId, revision: u64) -> Result<(), Failure> {
        let masks = Masks::default();
        let mut call = Call::new(id, "helm rollback", &masks, self.stopped_after())
            .argument(id.name.as_str())
            .argument(revision.to_string())
            .arguments(&["--namespace", &id.namespace, "--history-max=10"])
            .argument(self.timeout());
        if self.waits {
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
