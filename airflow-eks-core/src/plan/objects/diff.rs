//! Where a live object differs from what it would be, field by field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::managers::{self, Manager};
use super::path::{self, Step};
use crate::engine::Conflict;
use crate::graph::{KubernetesObject, Late, late};
use crate::plan::{After, FieldChange};

/// What is shown in place of a secret.
pub(crate) const SECRET: &str = "(secret)";

/// Fields of metadata that the server keeps for itself.
const NOISE: &[&str] =
    &["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];

/// Where a live object differs from what it would be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The fields that would change, each with who gave it the value that it has.
    pub changes: Vec<FieldChange>,
    /// Those of them that another tool keeps.
    pub conflicts: Vec<Conflict>,
}

/// Where `live` differs from `after`, which is what the server or [`merged`](super::merged) says that it would be once
/// `wanted` is applied. Fields of `wanted` that hold a late value which is `unknown` are only known afterwards: in `after` they
/// hold something that stands in for it. Secrets are not shown.
#[must_use]
pub fn difference(
    wanted: &KubernetesObject,
    unknown: &BTreeSet<Late>,
    live: &Value,
    after: &Value,
) -> Difference {
    let mut walk = Walk {
        is_secret: is_secret(wanted),
        unknown,
        managers: managers::of(live).filter(|manager| !manager.is_ours()).collect(),
        path: Vec::new(),
        found: Difference::default(),
    };
    walk.compare(Some(live), Some(after), Some(wanted.marked()));
    walk.found
}

/// A live object without what the server keeps for itself, and without secrets.
#[must_use]
pub fn shown(live: &Value) -> Value {
    let mut shown = live.clone();
    if let Some(object) = shown.as_object_mut() {
        object.remove("status");
        if live.get("kind").is_some_and(|kind| kind == "Secret") {
            for data in ["data", "stringData"] {
                if let Some(Value::Object(entries)) = object.get_mut(data) {
                    entries.values_mut().for_each(|value| *value = Value::from(SECRET));
                }
            }
            if let Some(Value::Object(annotations)) =
                object.get_mut("metadata").and_then(|m| m.get_mut("annotations"))
            {
                annotations.retain(|name, _| name != LAST_APPLIED);
            }
        }
        if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
            metadata.retain(|name, _| !NOISE.contains(&name.as_str()));
        }
    }
    shown
}

/// Where kubectl keeps the whole of what it applied, secrets included.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn is_secret(wanted: &KubernetesObject) -> bool {
    wanted.id.group.is_empty() && wanted.id.kind == "Secret"
}

/// The fields of an object that is to be made, without secrets.
pub(crate) fn without_secrets(wanted: &KubernetesObject, mut fields: Vec<FieldChange>) -> Vec<FieldChange> {
    if is_secret(wanted) {
        let is_data = |path: &str| {
            ["data", "stringData"].iter().any(|data| {
                path.strip_prefix(data).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        };
        for field in fields.iter_mut().filter(|field| is_data(&field.path)) {
            field.after = After::Known(Value::from(SECRET));
        }
    }
    fields
}

struct Walk<'a> {
    is_secret: bool,
    unknown: &'a BTreeSet<Late>,
    managers: Vec<Manager<'a>>,
    path: Vec<Step>,
    found: Difference,
}

impl Walk<'_> {
    fn compare(&mut self, live: Option<&Value>, after: Option<&Value>, wanted: Option<&Value>) {
        if live == after || self.is_noise() {
            return;
        }
        match (live, after) {
            (Some(Value::Object(live)), Some(Value::Object(after))) => {
                self.objects(Some(live), after, wanted);
            }
            (None, Some(Value::Object(after))) if !after.is_empty() => self.objects(None, after, wanted),
            // What goes is one change, but of Secrets each field is looked at: some of them are hidden.
            (Some(Value::Object(live)), None) if self.is_secret && !live.is_empty() => {
                self.objects(Some(live), &Map::new(), wanted);
            }
            (Some(Value::Array(live)), Some(Value::Array(after))) => self.lists(live, after, wanted),
            _ => self.leaf(live, after, wanted),
        }
    }

    fn objects(
        &mut self,
        live: Option<&Map<String, Value>>,
        after: &Map<String, Value>,
        wanted: Option<&Value>,
    ) {
        let names: BTreeSet<&String> = live.into_iter().flat_map(Map::keys).chain(after.keys()).collect();
        for name in names {
            let wanted = wanted.and_then(|wanted| wanted.get(name).or_else(|| self.told_as(wanted, name)));
            self.path.push(Step::Field(name.clone()));
            self.compare(live.and_then(|live| live.get(name)), after.get(name), wanted);
            self.path.pop();
        }
    }

    /// The data of a Secret may be wanted as text.
    fn told_as<'w>(&self, wanted: &'w Value, name: &str) -> Option<&'w Value> {
        let is_data = self.is_secret && self.path.is_empty() && name == "data";
        if is_data { wanted.get("stringData") } else { None }
    }

    fn lists(&mut self, live: &[Value], after: &[Value], wanted: Option<&Value>) {
        let name = match self.path.last() {
            Some(Step::Field(name)) => name.clone(),
            _ => String::new(),
        };
        let all: Vec<&Value> = live.iter().chain(after).collect();
        let Some(keys) = path::keys(&name, &all) else {
            return self.leaf(Some(&Value::from(live)), Some(&Value::from(after)), wanted);
        };
        let by_key = |items: &'_ [Value]| -> BTreeMap<String, usize> {
            let keyed = items.iter().enumerate();
            keyed
                .filter_map(|(index, item)| Some((Value::from(path::key(item, keys)?).to_string(), index)))
                .collect()
        };
        let (live_keys, after_keys) = (by_key(live), by_key(after));
        if live_keys.len() != live.len() || after_keys.len() != after.len() {
            return self.leaf(Some(&Value::from(live)), Some(&Value::from(after)), wanted);
        }
        let before = self.found.changes.len();
        let wanted_items = wanted.and_then(Value::as_array);
        let names: BTreeSet<&String> = live_keys.keys().chain(after_keys.keys()).collect();
        for name in names {
            let of = |keys: &BTreeMap<String, usize>, items| -> Option<&Value> {
                let items: &[Value] = items;
                keys.get(name).and_then(|index| items.get(*index))
            };
            let (live, after) = (of(&live_keys, live), of(&after_keys, after));
            let Some(item) = live.or(after).and_then(|item| path::key(item, keys)) else { continue };
            let wanted = wanted_items.and_then(|items| {
                items.iter().find(|wanted| path::key(wanted, keys).as_ref() == Some(&item))
            });
            self.path.push(Step::Item(item));
            self.compare(live, after, wanted);
            self.path.pop();
        }
        if self.found.changes.len() == before {
            // The same items in another order.
            self.leaf(Some(&Value::from(live)), Some(&Value::from(after)), wanted);
        }
    }

    fn leaf(&mut self, live: Option<&Value>, after: Option<&Value>, wanted: Option<&Value>) {
        let late = wanted.map(late_values).unwrap_or_default();
        let hidden = self.is_hidden() || late.iter().any(|late| matches!(late, Late::Secret(_)));
        let show = |value: &Value| if hidden { Value::from(SECRET) } else { value.clone() };
        let text = path::text(&self.path);
        let then = match after {
            _ if late.iter().any(|late| self.unknown.contains(late)) => After::KnownAfterApply,
            Some(after) => After::Known(show(after)),
            None => After::Absent,
        };
        let mut change = FieldChange::new(&text, live.map(show), then);
        let mut owners = self.managers.iter().filter(|manager| live.is_some() && manager.owns(&self.path));
        if let Some(keeper) = owners.clone().find(|manager| manager.keeps()) {
            // A field that is let go of, and that another one keeps too, stays as it is: there is no difference then.
            self.found.conflicts.push(Conflict { path: text, manager: keeper.name.to_owned() });
            change.changed_by = Some(keeper.name.to_owned());
        } else {
            change.changed_by = owners.next().map(|manager| manager.name.to_owned());
        }
        self.found.changes.push(change);
    }

    fn is_hidden(&self) -> bool {
        let field = |index: usize| match self.path.get(index) {
            Some(Step::Field(name)) => name.as_str(),
            _ => "",
        };
        self.is_secret && (matches!(field(0), "data" | "stringData") || field(2) == LAST_APPLIED)
    }

    fn is_noise(&self) -> bool {
        match self.path.as_slice() {
            [Step::Field(field)] => field == "status",
            [Step::Field(field), Step::Field(inner)] => {
                field == "metadata" && NOISE.contains(&inner.as_str())
            }
            _ => false,
        }
    }
}

fn late_values(value: &Value) -> Vec<Late> {
    let mut found = Vec::new();
    late::walk(value, &mut |text| found.extend(late::in_text(text)));
    found
}
