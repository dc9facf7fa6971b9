//! The parent of a stack's objects: it tells which kinds and namespaces they span, so that each is found again, whenever a
//! run was cut short. What is to be made is written there first; what is gone is taken out last.

use std::collections::BTreeSet;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::{ApplySet, ObjectId};
use http::Method;
use kube::Client;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::call::{Call, escaped};
use crate::error::{Error, failure};

/// What writes the parent, as the convention wants it said.
const TOOLING: &str = concat!("airflow-eks/v", env!("CARGO_PKG_VERSION"));

/// Kinds and namespaces that objects span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// Each as `Kind.group`.
    pub(crate) group_kinds: BTreeSet<String>,
    /// Beside that of the parent.
    pub(crate) namespaces: BTreeSet<String>,
}

/// The word for a kind among the kinds of a parent.
pub(crate) fn group_kind(group: &str, kind: &str) -> String {
    if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") }
}

impl Span {
    /// Adds what one object spans.
    fn add(&mut self, id: &ObjectId, parent: &ObjectId) {
        self.group_kinds.insert(group_kind(&id.group, &id.kind));
        if id.namespace.is_some() && id.namespace != parent.namespace {
            self.namespaces.extend(id.namespace.clone());
        }
    }

    fn holds(&self, other: &Self) -> bool {
        self.group_kinds.is_superset(&other.group_kinds) && self.namespaces.is_superset(&other.namespaces)
    }

    fn read(parent: &Value) -> Self {
        let list = |name: &str| -> BTreeSet<String> {
            let text = parent.get("metadata").and_then(|m| m.get("annotations")).and_then(|a| a.get(name));
            let names = text.and_then(Value::as_str).unwrap_or_default().split(',');
            names.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
        };
        Self { group_kinds: list(ApplySet::GROUP_KINDS), namespaces: list(ApplySet::NAMESPACES) }
    }
}

/// The parent of a stack's objects.
pub(crate) struct Parent {
    set: ApplySet,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the parent says, as far as it has been written or read by this run.
    written: Option<Span>,
    /// What the stack wants, so that all of it is written at once.
    wanted: Span,
    /// The objects that are there.
    members: BTreeSet<ObjectId>,
    /// Whether all of them are known.
    all_known: bool,
}

impl Parent {
    pub(crate) fn of(set: &ApplySet) -> Self {
        Self { set: set.clone(), state: Mutex::default() }
    }

    /// Notes that the stack wants an object.
    pub(crate) async fn want(&self, id: &ObjectId) {
        self.state.lock().await.wanted.add(id, self.set.parent());
    }

    /// The kinds that the stack wants.
    pub(crate) async fn wanted(&self) -> Span {
        self.state.lock().await.wanted.clone()
    }

    /// What the parent says; nothing where there is none.
    pub(crate) async fn read(&self, client: &Client) -> Result<Option<Span>, Failure> {
        let found = self.find(client).await.map_err(|error| self.failure("get", &error))?;
        Ok(found.as_ref().map(Span::read))
    }

    /// Notes which objects there are.
    pub(crate) async fn hold(&self, members: impl Iterator<Item = ObjectId>) {
        let mut state = self.state.lock().await;
        state.members.extend(members);
        state.all_known = true;
    }

    /// Makes sure that the parent tells of an object, before that is made.
    pub(crate) async fn include(&self, client: &Client, id: &ObjectId) -> Result<(), Failure> {
        let mut state = self.state.lock().await;
        state.wanted.add(id, self.set.parent());
        state.members.insert(id.clone());
        let mut needed = Span::default();
        needed.add(id, self.set.parent());
        if state.written.as_ref().is_some_and(|written| written.holds(&needed)) {
            return Ok(());
        }
        let wanted = state.wanted.clone();
        let change = |span: &mut Span| {
            span.group_kinds.extend(wanted.group_kinds.iter().cloned());
            span.namespaces.extend(wanted.namespaces.iter().cloned());
        };
        state.written = Some(self.change(client, &change).await?);
        Ok(())
    }

    /// Notes that there are these, too.
    pub(crate) async fn also_hold(&self, members: impl Iterator<Item = ObjectId>) {
        self.state.lock().await.members.extend(members);
    }

    /// Whether no other object of its kind is left.
    pub(crate) async fn is_last(&self, id: &ObjectId) -> bool {
        let state = self.state.lock().await;
        let mut others = state.members.iter().filter(|other| *other != id);
        state.all_known && !others.any(|other| other.group == id.group && other.kind == id.kind)
    }

    /// Takes out what no object spans any more, after one is gone; with the last one, the parent itself goes.
    pub(crate) async fn exclude(&self, client: &Client, id: &ObjectId) -> Result<(), Failure> {
        let mut state = self.state.lock().await;
        state.members.remove(id);
        if !state.all_known {
            return Ok(());
        }
        let mut left = Span::default();
        state.members.iter().for_each(|member| left.add(member, self.set.parent()));
        let mut gone = Span::default();
        gone.add(id, self.set.parent());
        if left.holds(&gone) {
            return Ok(());
        }
        if state.members.is_empty() {
            state.written = None;
            let call = Call::new(Method::DELETE, self.path());
            let answer = call.find::<Value>(client).await;
            return answer.map(drop).map_err(|error| self.failure("delete", &error));
        }
        let change = |span: &mut Span| {
            span.group_kinds
                .retain(|kind| left.group_kinds.contains(kind) || !gone.group_kinds.contains(kind));
            span.namespaces.retain(|name| left.namespaces.contains(name) || !gone.namespaces.contains(name));
        };
        state.written = Some(self.change(client, &change).await?);
        Ok(())
    }

    /// Deletes the parent, where there is no object that it could tell of.
    pub(crate) async fn forget(&self, client: &Client) -> Result<(), Failure> {
        let call = Call::new(Method::DELETE, self.path());
        call.find::<Value>(client).await.map(drop).map_err(|error| self.failure("delete", &error))
    }

    /// Reads the parent, changes it, and writes it unless somebody else was quicker; then again.
    async fn change(&self, client: &Client, change: &(dyn Fn(&mut Span) + Sync)) -> Result<Span, Failure> {
        let mut tries = 0;
        loop {
            let found = self.find(client).await.map_err(|error| self.failure("get", &error))?;
            let before = found.as_ref().map(Span::read);
            let mut after = before.clone().unwrap_or_default();
            change(&mut after);
            if before.as_ref() == Some(&after) {
                return Ok(after);
            }
            let (operation, call) = match found {
                Some(parent) => {
                    ("update", Call::new(Method::PUT, self.path()).body(&self.body(Some(parent), &after)))
                }
                None => ("create", Call::new(Method::POST, self.folder()).body(&self.body(None, &after))),
            };
            match call.with("fieldManager", "airflow-eks").send::<Value>(client).await {
                Ok(_) => return Ok(after),
                // Written, deleted or made by another run in between.
                Err(error) if (error.is_conflict() || error.is_not_found()) && tries < 20 => tries += 1,
                Err(error) => return Err(self.failure(operation, &error)),
            }
        }
    }

    async fn find(&self, client: &Client) -> Result<Option<Value>, Error> {
        Call::get(self.path()).find(client).await
    }

    /// The parent as it is to be; its resource version, where it is there, is that which was read.
    fn body(&self, found: Option<Value>, span: &Span) -> Value {
        let id = self.set.parent();
        let mut parent = found.unwrap_or_else(|| {
            json!({ "apiVersion": "v1", "kind": id.kind,
                "metadata": { "name": id.name, "namespace": id.namespace } })
        });
        let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(",");
        let labels = [
            (ApplySet::ID, self.set.id().to_owned()),
            ("app.kubernetes.io/managed-by", "airflow-eks".to_owned()),
            ("airflow-eks/stack", self.set.stack().to_owned()),
        ];
        let annotations = [
            (ApplySet::TOOLING, TOOLING.to_owned()),
            (ApplySet::GROUP_KINDS, list(&span.group_kinds)),
            (ApplySet::NAMESPACES, list(&span.namespaces)),
        ];
        set(&mut parent, "labels", &labels);
        set(&mut parent, "annotations", &annotations);
        parent
    }

    fn folder(&self) -> String {
        let namespace = self.set.parent().namespace.as_deref().unwrap_or_default();
        format!("/api/v1/namespaces/{}/configmaps", escaped(namespace))
    }

    fn path(&self) -> String {
        format!("{}/{}", self.folder(), escaped(&self.set.parent().name))
    }

    fn failure(&self, operation: &str, error: &Error) -> Failure {
        failure(&self.set.parent().to_string(), operation, error)
    }
}

/// Sets labels or annotations.
fn set(object: &mut Value, map: &str, entries: &[(&str, String)]) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let map = metadata.entry(map).or_insert_with(|| Value::Object(Map::new()));
    if let Some(map) = map.as_object_mut() {
        map.extend(entries.iter().map(|(key, value)| ((*key).to_owned(), Value::from(value.as_str()))));
    }
}
