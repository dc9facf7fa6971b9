//! Making and changing releases.

use airflow_eks_core::engine::{Failure, Ownership, Present};
use airflow_eks_core::graph::{HelmRelease, ReleaseId};
use airflow_eks_core::plan::FieldChange;
use k8s_openapi::api::core::v1::Namespace;
use kube::Api;

use super::call::{self, Call};
use super::charts;
use super::crds;
use super::failure::{because, of_kube};
use super::live_run::{self, LiveRun};
use super::releases::{FETCHED_WITHIN, RENDER, Releases, STACK};
use super::rendered::{self, Twice};
use super::stored::{self, Entry};
use super::unready;
use super::values::Values;

impl Releases {
    /// Installs a release, and waits until what it holds is ready. Goes on from what an earlier run has left.
    ///
    /// # Errors
    /// `helm` fails, another release of this name is there, or something is not ready in time.
    pub async fn create(&self, release: &HelmRelease) -> Result<Present, Failure> {
        let history = stored::history(&self.client, &release.id).await?;
        if let Some(last) = history.last().filter(|last| last.status != "uninstalled")
            && let Ownership::NotOurs(whose) = self.ownership(last)
        {
            return Err(because(
                &release.id,
                UPGRADE,
                format!("there is one of this name by now, and {whose}"),
            ));
        }
        self.upgrade(release, false).await
    }

    /// Changes a release, and waits until what it holds is ready.
    ///
    /// What an earlier run or another `helm` began is waited for, or mended where nobody works on it any more. An upgrade that
    /// fails is rolled back to the last revision that was good.
    ///
    /// # Errors
    /// `helm` fails, or something is not ready in time.
    pub async fn update(&self, release: &HelmRelease, changes: &[FieldChange]) -> Result<Present, Failure> {
        self.upgrade(release, changes.iter().any(|change| change.changed_by.is_some())).await
    }

    /// Waits until nobody works on a release any more, and makes it what is wanted where it is not.
    ///
    /// # Errors
    /// See [`Releases::update`].
    pub async fn wait(&self, release: &HelmRelease) -> Result<Present, Failure> {
        let history = self.settled(&release.id).await?;
        match (history.last(), self.observe(release).await?) {
            (Some(last), Some(present))
                if last.status == "deployed"
                    && present.differences.as_ref().is_none_or(|d| d.changes.is_empty()) =>
            {
                Ok(present)
            }
            _ => self.upgrade(release, false).await,
        }
    }

    async fn upgrade(&self, release: &HelmRelease, mends: bool) -> Result<Present, Failure> {
        let id = &release.id;
        let values = Values::of(release, &*self.secrets).await?;
        let input = values.complete(release, UPGRADE)?;
        let before = self.settled(id).await?;
        let of_failed = self.objects_of_failed(id, &before).await?;
        let chart = self.charts.path(release, &self.program).await?;

        if !release.skip_crds {
            let definitions = Call::new(id, "helm show crds", &values.masks, FETCHED_WITHIN).argument(&chart);
            let definitions = definitions.run(&self.program, None).await?;
            crds::apply(&self.client, id, &chart, &definitions).await?;
        }

        let next = before.last().map_or(1, |last| last.revision + 1);
        let unwritable =
            |error: std::io::Error| because(id, UPGRADE, format!("its messages cannot be kept: {error}"));
        let run = LiveRun::of_revision(next).map_err(unwritable)?;
        let mut labels = format!("--labels={STACK}={},{}={}", self.stack, live_run::LABEL, run.label());
        if let Some(content) = charts::content(release).await? {
            labels = format!("{labels},{}={content}", charts::CONTENT);
        }
        let mut call = Call::new(id, UPGRADE, &values.masks, self.stopped_after())
            .argument(id.name.as_str())
            .argument(&chart)
            .arguments(&[
                "--namespace",
                &id.namespace,
                "--values=-",
                "--reset-values",
                "--skip-crds",
                "--history-max=10",
            ])
            .argument(labels)
            .argument(self.timeout())
            .input(input)
            .messages_to(run.inherited().map_err(unwritable)?);
        if self.waits {
            call = call.arguments(&["--wait", "--wait-for-jobs"]);
        }
        if self.lacks_namespace(release).await? {
            call = call.argument("--create-namespace");
        }
        if mends && self.takes_over_fields(release, before.last()).await? {
            call = call.argument("--force-conflicts");
        }
        let ended = call.output(&self.program, Some(&self.access)).await;
        let label = run.label().to_owned();
        let said = run.ended().map_err(unwritable)?;
        match ended {
            Ok(ended) if ended.succeeded => {
                self.delete_leftovers(id, of_failed).await?;
                let present = self.observe(release).await?;
                present.ok_or_else(|| because(id, UPGRADE, "it is gone again"))
            }
            Ok(ended) => {
                let message = values.masks.hide(&call::short(&said, &ended.failure.message));
                Err(self.after_failure(release, &label, &values, Failure { message, ..ended.failure }).await)
            }
            Err(failure) => Err(self.after_failure(release, &label, &values, failure).await),
        }
    }

    /// Goes back to the last good revision where the upgrade has changed something, and says so. A first install is left as it
    /// is, to be looked at; the next run goes on from there.
    async fn after_failure(
        &self,
        release: &HelmRelease,
        run: &str,
        values: &Values,
        mut failure: Failure,
    ) -> Failure {
        let id = &release.id;
        let history = match stored::history(&self.client, id).await {
            Ok(history) => history,
            Err(other) => {
                let hint = Some(format!("what became of it is not known either: {other}"));
                return Failure { hint, ..failure };
            }
        };
        // Where the newest revision is not of this run, it has changed nothing.
        let Some(last) =
            history.last().filter(|last| last.labels.get(live_run::LABEL).is_some_and(|label| label == run))
        else {
            return failure;
        };
        if last.is_pending() {
            // It was stopped, so nobody works on it. Otherwise the next one would have to find that out.
            let marked = stored::mark_as_failed(&self.client, id, last, "stopped by airflow-eks").await;
            if let Err(other) = marked {
                return Failure {
                    hint: Some(format!("nor could it be marked as failed: {other}")),
                    ..failure
                };
            }
        }
        // Before it is rolled back: afterwards nobody can tell any more.
        match stored::read(&self.client, id, last).await {
            Ok(Some(revision)) => {
                let lines = unready::lines(&self.client, &self.kinds, id, &revision, &values.masks).await;
                failure.message = [vec![failure.message], lines].concat().join("\n");
            }
            Ok(None) => {}
            Err(other) => failure.message = format!("{}\n{other}", failure.message),
        }
        let good = history.iter().rev().find(|entry| entry.status == "deployed");
        let hint = match good {
            None => "what was installed so far is left as it is; another run goes on from there".to_owned(),
            Some(good) => match self.undo(id, good.revision, &history).await {
                Ok(()) => format!("it was rolled back to what it was before, revision {}", good.revision),
                Err(other) => {
                    format!("nor could it be rolled back to revision {}: {}", good.revision, other.message)
                }
            },
        };
        Failure { hint: Some(hint), ..failure }
    }

    async fn undo(&self, id: &ReleaseId, revision: u64, history: &[Entry]) -> Result<(), Failure> {
        let of_failed = self.objects_of_failed(id, history).await?;
        self.roll_back(id, revision).await?;
        self.delete_leftovers(id, of_failed).await
    }

    /// Namespaces that the stack does not have are made by Helm, which leaves them when the release goes.
    async fn lacks_namespace(&self, release: &HelmRelease) -> Result<bool, Failure> {
        let api: Api<Namespace> = Api::all(self.client.clone());
        let found = api.get_metadata_opt(&release.id.namespace).await;
        found.map(|found| found.is_none()).map_err(|error| of_kube(&release.id, "read its namespace", error))
    }

    /// Where Helm applies on the server's side, it has to be told to take back what someone has changed by hand. Elsewhere it
    /// does so anyway, and refuses to be told.
    async fn takes_over_fields(&self, release: &HelmRelease, last: Option<&Entry>) -> Result<bool, Failure> {
        if self.program.major() < 4 {
            return Ok(false);
        }
        let Some(last) = last else { return Ok(false) };
        let revision = stored::read(&self.client, &release.id, last).await?;
        Ok(revision.is_some_and(|revision| revision.is_applied_by_server()))
    }

    /// Renders a changed release, twice: see [`rendered`].
    pub(super) async fn render_twice(
        &self,
        release: &HelmRelease,
        values: &Values,
    ) -> Result<Twice, Failure> {
        let chart = self.charts.path(release, &self.program).await?;
        let render = || async {
            let call = Call::new(&release.id, RENDER, &values.masks, FETCHED_WITHIN)
                .argument(release.id.name.as_str())
                .argument(&chart)
                .arguments(&[
                    "--namespace",
                    &release.id.namespace,
                    "--values=-",
                    "--reset-values",
                    "--skip-crds",
                    "--output=json",
                ])
                .input(values.told.to_string());
            let printed = call.run(&self.program, Some(&self.access)).await?;
            rendered::objects(release, "read what helm renders", &printed)
        };
        let (one, other) = futures::future::try_join(render(), render()).await?;
        Ok(Twice { one, other })
    }
}

const UPGRADE: &str = "helm upgrade --install";
