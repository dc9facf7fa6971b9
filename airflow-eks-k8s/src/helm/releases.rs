//! The releases of a stack: what there is of them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use airflow_eks_core::aws_resources::Tags;
use airflow_eks_core::engine::{Differences, Failure, Ownership, Present, Readiness, Secrets};
use airflow_eks_core::graph::HelmRelease;
use airflow_eks_core::plan::{After, FieldChange};
use kube::Client;
use serde_json::{Value, json};

use super::charts::{self, Charts};
use super::failure::because;
use super::fields;
use super::kinds::Kinds;
use super::manifest;
use super::program::Program;
use super::settle::is_abandoned;
use super::stored::{self, Entry, Revision};
use super::values::{self, HIDDEN, Values};
use super::{drift, rendered};
use crate::Access;

/// The label of revisions that says whose they are.
pub(super) const STACK: &str = "airflow-eks/stack";
pub(super) const FETCHED_WITHIN: Duration = Duration::from_secs(5 * 60);
const WITHIN: Duration = Duration::from_secs(10 * 60);

/// The Helm releases of a stack.
pub struct Releases {
    pub(super) client: Client,
    pub(super) program: Program,
    pub(super) access: Access,
    pub(super) stack: String,
    pub(super) secrets: Arc<dyn Secrets>,
    pub(super) limit: Duration,
    pub(super) waits: bool,
    pub(super) charts: Charts,
    pub(super) kinds: Kinds,
}

impl fmt::Debug for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Releases")
            .field("stack", &self.stack)
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}

impl Releases {
    /// The releases of a stack. `access` leads `helm` to the cluster that `client` talks to.
    #[must_use]
    pub fn new(
        client: Client,
        program: Program,
        access: Access,
        stack: &str,
        secrets: Arc<dyn Secrets>,
    ) -> Self {
        Self {
            client,
            program,
            access,
            stack: stack.to_owned(),
            secrets,
            limit: WITHIN,
            waits: true,
            charts: Charts::default(),
            kinds: Kinds::default(),
        }
    }

    /// With another time within which a release has to become ready, and its hooks have to end. Otherwise it is 10 minutes.
    #[must_use]
    pub fn waiting(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Without waiting until what a release holds is ready.
    #[must_use]
    pub fn no_wait(self) -> Self {
        Self { waits: false, ..self }
    }

    /// For `helm`: after how long it is to give up.
    pub(super) fn timeout(&self) -> String {
        format!("--timeout={}s", self.limit.as_secs().max(1))
    }

    /// After how long it is stopped if it does not give up: hooks before, objects and hooks after have their time each.
    pub(super) fn stopped_after(&self) -> Duration {
        self.limit * 3 + Duration::from_secs(60)
    }

    /// What there is of a release, and where it differs from what is wanted; nothing where there is none. `helm` is started only
    /// where the chart or a value differs.
    ///
    /// # Errors
    /// Something of it cannot be read.
    pub async fn observe(&self, release: &HelmRelease) -> Result<Option<Present>, Failure> {
        let mut present = self.look(release).await?;
        // Another helm, such as that of a run which was killed, may have begun the next revision while this one was looked at.
        for _ in 0..LOOKS {
            let refused =
                |present: &&Present| present.differences.as_ref().is_some_and(|d| d.refused.is_some());
            let Some(seen) = present.as_ref().filter(refused) else { break };
            let newest = stored::history(&self.client, &release.id).await?.pop();
            if newest.is_some_and(|newest| is_of(seen, &newest)) {
                break;
            }
            present = self.look(release).await?;
        }
        Ok(present)
    }

    async fn look(&self, release: &HelmRelease) -> Result<Option<Present>, Failure> {
        let id = &release.id;
        let history = stored::history(&self.client, id).await?;
        let Some(last) = history.last().filter(|last| last.status != "uninstalled") else { return Ok(None) };
        let Some(revision) = stored::read(&self.client, id, last).await? else { return Ok(None) };
        let values = Values::of(release, &*self.secrets).await?;

        let mut differences = Differences::default();
        let readiness = self.readiness(last, &mut differences);
        differences.changes.extend(of_chart(release, last, &revision).await?);
        differences.changes.extend(of_values(&values, &revision));
        let is_changed = !differences.changes.is_empty();
        if last.status == "deployed" {
            self.in_the_cluster(release, &revision, &values, is_changed, &mut differences).await?;
        }
        let shown = json!({ "name": revision.chart_name(), "version": revision.chart_version() });
        Ok(Some(Present {
            physical_id: format!("{}/{}", id.namespace, id.name),
            fields: json!({ "chart": shown, "revision": last.revision, "status": last.status }),
            tags: Tags::new(),
            attributes: BTreeMap::new(),
            readiness,
            ownership: self.ownership(last),
            differences: Some(differences),
        }))
    }

    pub(super) fn ownership(&self, last: &Entry) -> Ownership {
        match last.labels.get(STACK) {
            Some(stack) if *stack == self.stack => Ownership::Ours,
            Some(stack) => Ownership::NotOurs(format!("it belongs to the stack `{stack}`")),
            None => Ownership::NotOurs("it was installed by someone else with Helm".to_owned()),
        }
    }

    /// Whether it can be used. What was interrupted or has failed differs: by its status.
    fn readiness(&self, last: &Entry, differences: &mut Differences) -> Readiness {
        if last.status == "deployed" {
            return Readiness::Ready;
        }
        if last.is_pending() && !is_abandoned(last) {
            let reason = format!("another helm is at work on revision {} ({})", last.revision, last.status);
            return Readiness::InProgress(reason);
        }
        let status = last.status.as_str();
        differences.changes.push(FieldChange::new(
            "status",
            Some(status.into()),
            After::Known("deployed".into()),
        ));
        Readiness::Failed(format!("its revision {} is `{status}`", last.revision))
    }

    async fn in_the_cluster(
        &self,
        release: &HelmRelease,
        revision: &Revision,
        values: &Values,
        is_changed: bool,
        differences: &mut Differences,
    ) -> Result<(), Failure> {
        let id = &release.id;
        let objects = manifest::objects(&revision.manifest)
            .map_err(|error| because(id, "read its manifest", format!("it is malformed: {error}")))?;
        let drift = drift::of(&self.client, &self.kinds, id, &objects, &values.masks).await?;
        let mut found = drift.changes;
        differences.conflicts = drift.conflicts;
        // What is rendered with values that nobody knows yet would be something else in the end.
        if is_changed && values.unknown.is_empty() {
            match self.render_twice(release, values).await {
                Ok(twice) => {
                    let rendered =
                        rendered::compare(&self.client, &self.kinds, id, &objects, &twice, values).await?;
                    differences.refused = rendered.refused;
                    // What both found is told as what someone has changed.
                    found.extend(
                        rendered
                            .changes
                            .into_iter()
                            .filter(|change| !found.iter().any(|known| known.path == change.path))
                            .collect::<Vec<_>>(),
                    );
                }
                Err(failure) if failure.operation == RENDER => differences.refused = Some(failure.message),
                Err(failure) => return Err(failure),
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        differences.changes.extend(found);
        Ok(())
    }
}

/// How often it is looked again where a revision came in between.
const LOOKS: u32 = 3;

/// Whether a revision, as it is now, is what was seen.
fn is_of(seen: &Present, newest: &Entry) -> bool {
    seen.fields.get("revision") == Some(&json!(newest.revision))
        && seen.fields.get("status") == Some(&json!(newest.status))
}

/// The operation of a failure that says that a chart cannot be rendered with the values that are wanted.
pub(super) const RENDER: &str = "helm upgrade --install --dry-run=server";

/// Where the chart differs.
async fn of_chart(
    release: &HelmRelease,
    last: &Entry,
    revision: &Revision,
) -> Result<Vec<FieldChange>, Failure> {
    let mut changes = Vec::new();
    let mut differ = |path: &str, is: Option<&str>, wanted: &str| {
        let after = After::Known(wanted.into());
        changes.push(FieldChange::new(path, is.map(Value::from), after));
    };
    if let Some(name) = charts::name(&release.chart).filter(|name| *name != revision.chart_name()) {
        differ("chart.name", Some(revision.chart_name()), name);
    }
    if let Some(version) = &release.chart.version
        && !charts::is_version(version, revision.chart_version())
    {
        differ("chart.version", Some(revision.chart_version()), version);
    }
    if let Some(content) = charts::content(release).await? {
        let is = last.labels.get(charts::CONTENT).map(String::as_str);
        if is != Some(content.as_str()) {
            differ("chart.content", is, &content);
        }
    }
    Ok(changes)
}

/// Where the values differ.
fn of_values(values: &Values, revision: &Revision) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare("values", &values.shown, &values.told, Some(&revision.values()), values, &mut changes);
    changes
}

/// Goes through what is wanted as it may be shown, beside what is told: what it is made of decides what can be said.
fn compare(
    path: &str,
    shown: &Value,
    told: &Value,
    is: Option<&Value>,
    values: &Values,
    changes: &mut Vec<FieldChange>,
) {
    let name = path.rsplit('.').next().unwrap_or(path);
    let before = || match is {
        Some(_) if values::is_secret(shown) => Some(HIDDEN.into()),
        is => is.map(|is| values.masks.hide_in(name, is)),
    };
    if let (Value::Object(shown), Value::Object(told), Some(Value::Object(is))) = (shown, told, is) {
        for (key, told) in told {
            // A key that holds a late value itself is not shown as such.
            compare(&below(path, key), shown.get(key).unwrap_or(told), told, is.get(key), values, changes);
        }
        for (key, is) in is.iter().filter(|(key, _)| !told.contains_key(*key)) {
            let before = values.masks.hide_in(key, is);
            changes.push(FieldChange::new(below(path, key), Some(before), After::Absent));
        }
    } else if values::is_unknown(shown) {
        changes.push(FieldChange::new(path, before(), After::KnownAfterApply));
    } else if !fields::is_same(is, Some(told)) {
        let after = if values::is_secret(shown) { HIDDEN.into() } else { values.masks.hide_in(name, told) };
        changes.push(FieldChange::new(path, before(), After::Known(after)));
    }
}

fn below(path: &str, key: &str) -> String {
    if key.contains(['.', '[', '"']) { format!("{path}[{key:?}]") } else { format!("{path}.{key}") }
}
