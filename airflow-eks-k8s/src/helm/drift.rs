//! Where the objects of a release are not any more what Helm made of them.
//!
//! What the chart said is compared with what there is. Where they seem to differ, the server is asked what applying it once more
//! would change: it knows that `1000m` is `1`. Fields that the chart does not say are not looked at, nor are objects of hooks.

use airflow_eks_core::engine::{Conflict, Failure};
use airflow_eks_core::graph::ReleaseId;
use airflow_eks_core::plan::{After, FieldChange, objects};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use kube::Client;
use kube::api::{DynamicObject, Patch, PatchParams};
use serde_json::Value;

use super::failure::{code, of_kube};
use super::fields::{self, Field, Step};
use super::kinds::{self, Kinds};
use super::manifest::{self, Key, Objects};
use super::values::{HIDDEN, Masks};

/// The name under which every version of Helm writes.
pub(super) const HELM: &str = "helm";
/// How many requests are under way at once.
pub(super) const AT_ONCE: usize = 8;

/// What differs.
#[derive(Default)]
pub(super) struct Drift {
    pub(super) changes: Vec<FieldChange>,
    pub(super) conflicts: Vec<Conflict>,
}

/// Compares all objects of a manifest with what there is.
pub(super) async fn of(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    manifest: &Objects,
    masks: &Masks,
) -> Result<Drift, Failure> {
    let each: Vec<_> =
        manifest.iter().map(|(key, object)| of_object(client, kinds, id, key, object, masks)).collect();
    let compared =
        stream::iter(each).buffered(AT_ONCE).try_fold(Drift::default(), |mut all, one| async move {
            all.changes.extend(one.changes);
            all.conflicts.extend(one.conflicts);
            Ok(all)
        });
    compared.await
}

async fn of_object(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    key: &Key,
    object: &Value,
    masks: &Masks,
) -> Result<Drift, Failure> {
    let Some(live) = kinds::live(kinds, client, id, key).await? else {
        let missing = FieldChange::new(key.to_string(), None, After::Known("as the chart has it".into()));
        return Ok(Drift { changes: vec![missing], conflicts: Vec::new() });
    };
    if fields::is_so(object, Some(&live)) {
        return Ok(Drift::default());
    }
    let differing = match dry_run(client, kinds, id, key, object).await? {
        Ok(applied) => fields::between(&bare(&live), &bare(&applied)),
        // The server would not take what it has taken before, such as because a webhook has gone, so it cannot say what is the
        // same in other words.
        Err(_) => fields::not_so(object, &live),
    };
    let mut drift = Drift::default();
    for field in differing {
        if is_left_to_others(&live, &field) {
            continue;
        }
        let keeper = keeper(&live, &field.path);
        let mut change = change(key, &field, masks);
        if let Some((manager, by_apply)) = keeper {
            if by_apply {
                drift.conflicts.push(Conflict { path: change.path.clone(), manager: manager.clone() });
            }
            change.changed_by = Some(manager);
        }
        drift.changes.push(change);
    }
    Ok(drift)
}

/// What an object would become if Helm applied it, or why the server would not take it.
pub(super) async fn dry_run(
    client: &Client,
    kinds: &Kinds,
    id: &ReleaseId,
    key: &Key,
    object: &Value,
) -> Result<Result<Value, String>, Failure> {
    let Some(api) = kinds.api(client, id, key).await? else {
        return Ok(Err(format!("the cluster does not know the kind {}", key.kind)));
    };
    let marked: Result<DynamicObject, _> = serde_json::from_value(manifest::marked(object, id));
    let marked = match marked {
        Ok(marked) => marked,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let parameters = PatchParams::apply(HELM).force().dry_run();
    match api.patch(&key.name, &parameters, &Patch::Apply(&marked)).await {
        Ok(applied) => Ok(serde_json::to_value(applied).map_err(|error| error.to_string())),
        Err(kube::Error::Api(status)) if matches!(status.code, 400 | 403 | 404 | 409 | 422 | 500) => {
            Ok(Err(status.message))
        }
        Err(error) if code(&error).is_some_and(|code| code < 500) => Ok(Err(error.to_string())),
        Err(error) => Err(of_kube(id, &format!("ask what would become of {key}"), error)),
    }
}

/// The object without what the server writes.
pub(super) fn bare(object: &Value) -> Value {
    let mut object = object.clone();
    if let Value::Object(entries) = &mut object {
        entries.remove("status");
        if let Some(Value::Object(metadata)) = entries.get_mut("metadata") {
            for field in
                ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"]
            {
                metadata.remove(field);
            }
        }
    }
    object
}

/// As the plan shows it: the object, then the field.
pub(super) fn change(key: &Key, field: &Field, masks: &Masks) -> FieldChange {
    let path = format!("{key} {}", fields::shown(&field.path));
    let is_data = key.kind == "Secret"
        && matches!(field.path.first(), Some(Step::Key(first)) if first == "data" || first == "stringData");
    let name = match field.path.last() {
        Some(Step::Key(name) | Step::Named(name)) => name.as_str(),
        None => "",
    };
    let show = |value: &Value| if is_data { Value::from(HIDDEN) } else { masks.hide_in(name, value) };
    let after = field.after.as_ref().map_or(After::Absent, |value| After::Known(show(value)));
    FieldChange::new(path, field.before.as_ref().map(show), after)
}

/// Fields that somebody else is meant to keep: what autoscalers set, and certificates that controllers put into their webhooks.
pub(super) fn is_left_to_others(live: &Value, field: &Field) -> bool {
    let is_last = |name: &str| matches!(field.path.last(), Some(Step::Key(key)) if key == name);
    is_last("caBundle") || (is_last("replicas") && objects::is_scaled_by_a_controller(live))
}

/// Who else than Helm keeps a field, and whether by applying it.
fn keeper(live: &Value, path: &[Step]) -> Option<(String, bool)> {
    let entry = managers(live)
        .filter(|entry| text(entry, "manager") != Some(HELM))
        .filter(|entry| entry.get("fieldsV1").is_some_and(|tree| fields::is_kept_in(tree, path)))
        .max_by_key(|entry| text(entry, "time").unwrap_or_default())?;
    Some((text(entry, "manager")?.to_owned(), text(entry, "operation") == Some("Apply")))
}

fn managers(live: &Value) -> impl Iterator<Item = &Value> {
    live.pointer("/metadata/managedFields").and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(entry: &'a Value, field: &str) -> Option<&'a str> {
    entry.get(field).and_then(Value::as_str)
}
