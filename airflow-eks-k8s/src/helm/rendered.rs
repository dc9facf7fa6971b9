//! What a changed release would change in the cluster.
//!
//! `helm upgrade --dry-run=server` renders as the upgrade will (its revision, `lookup`, the server's versions) and writes nothing;
//! `helm template --validate` takes every run for an install. What it renders is compared with the manifest that Helm has stored,
//! and where both differ the server is asked what would become of the object.
//!
//! Charts make passwords and certificates anew at each run. So it is rendered twice, and what differs between the two is left
//! out. A field that is random and that the change would change as well is therefore not shown, nor is what hooks do, nor
//! whatever depends on definitions in the chart's `crds/` that the cluster does not have yet.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::{HelmRelease, ReleaseId};
use airflow_eks_core::plan::{After, FieldChange};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use kube::Client;
use serde_json::Value;

use super::drift::{self, AT_ONCE};
use super::fields::{self, Step};
use super::kinds::{self, Kinds};
use super::manifest::{self, Key, Objects};
use super::values::{Masks, Values};

/// What would change.
#[derive(Default)]
pub(super) struct Rendered {
    pub(super) changes: Vec<FieldChange>,
    pub(super) refused: Option<String>,
}

/// Two renderings of the same.
pub(super) struct Twice {
    pub(super) one: Objects,
    pub(super) other: Objects,
}

/// The objects in what `helm --output json` printed.
pub(super) fn objects(release: &HelmRelease, operation: &str, printed: &str) -> Result<Objects, Failure> {
    let failed =
        |error: String| super::failure::because(&release.id, operation, format!("cannot be read: {error}"));
    let document: Value = serde_json::from_str(printed).map_err(|error| failed(error.to_string()))?;
    let text = document.get("manifest").and_then(Value::as_str).unwrap_or_default();
    manifest::objects(text).map_err(failed)
}

/// What would change in the cluster.
pub(super) async fn compare(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    stored: &Objects,
    rendered: &Twice,
    values: &Values,
) -> Result<Rendered, Failure> {
    let changed: Vec<(&Key, &Value)> = rendered
        .one
        .iter()
        .filter(|(key, object)| {
            // An object whose very name is random is not there in the other one.
            rendered.other.contains_key(*key) && !fields::is_same(stored.get(*key), Some(object))
        })
        .collect();
    let each: Vec<_> = changed
        .into_iter()
        .map(|(key, object)| {
            let random =
                rendered.other.get(key).map(|other| fields::between(object, other)).unwrap_or_default();
            let random = random.into_iter().map(|field| field.path).collect::<Vec<_>>();
            async move {
                of_object(client, kinds, id, (key, object), stored.get(key), &random, &values.masks).await
            }
        })
        .collect();
    let mut all = stream::iter(each)
        .buffered(AT_ONCE)
        .try_fold(Rendered::default(), |mut all, one| async move {
            all.changes.extend(one.changes);
            all.refused = all.refused.or(one.refused);
            Ok(all)
        })
        .await?;
    for (key, object) in
        stored.iter().filter(|(key, object)| !rendered.one.contains_key(*key) && !manifest::is_kept(object))
    {
        let kind = object.get("kind").cloned();
        all.changes.push(FieldChange::new(key.to_string(), kind, After::Absent));
    }
    Ok(all)
}

async fn of_object(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    (key, object): (&Key, &Value),
    stored: Option<&Value>,
    random: &[Vec<Step>],
    masks: &Masks,
) -> Result<Rendered, Failure> {
    let Some(live) = kinds::live(kinds, client, id, key).await? else {
        let new = FieldChange::new(key.to_string(), None, After::Known("new".into()));
        return Ok(Rendered { changes: vec![new], refused: None });
    };
    let applied = match drift::dry_run(client, kinds, id, key, object).await? {
        Ok(applied) => applied,
        Err(why) => {
            return Ok(Rendered {
                changes: Vec::new(),
                refused: Some(format!("{key}: {}", masks.hide(&why))),
            });
        }
    };
    let is_random = |path: &[Step]| random.iter().any(|random| path.starts_with(random));
    let mut changes: Vec<FieldChange> = fields::between(&drift::bare(&live), &drift::bare(&applied))
        .iter()
        .filter(|field| !is_random(&field.path) && !drift::is_left_to_others(&live, field))
        .map(|field| drift::change(key, field, masks))
        .collect();
    // Helm takes away what the chart no longer says. Applying does so only where Helm has applied it before.
    let removed = stored.map(|stored| fields::between(stored, object)).unwrap_or_default();
    for field in removed.iter().filter(|field| field.after.is_none() && !is_random(&field.path)) {
        let change = drift::change(key, field, masks);
        if changes.iter().all(|known| known.path != change.path) {
            changes.push(change);
        }
    }
    Ok(Rendered { changes, refused: None })
}
