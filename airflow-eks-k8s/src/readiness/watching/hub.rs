//! The watches that many waits share.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use kube::{
    Api, Client,
    api::DynamicObject,
    core::{ApiResource, GroupVersionKind},
};
use serde_json::Value;

use super::{
    super::NotReady,
    pods::{DEFAULT_PATIENCE, PodsInTrouble},
    shared::SharedWatch,
    waiting,
};

/// Waits for objects. Clones share their watches, and a watch ends with the last wait that needs it.
#[derive(Clone)]
pub struct Waits {
    client: Client,
    patience: Duration,
    watches: Arc<Watches>,
}

#[derive(Default)]
struct Watches {
    objects: Mutex<HashMap<ObjectsKey, Weak<SharedWatch>>>,
    pods: Mutex<HashMap<String, Weak<PodsInTrouble>>>,
}

#[derive(PartialEq, Eq, Hash)]
struct ObjectsKey {
    api_version: String,
    plural: String,
    namespace: Option<String>,
    /// One object only.
    name: Option<String>,
}

impl Waits {
    /// Waits over a client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, patience: DEFAULT_PATIENCE, watches: Arc::default() }
    }

    /// How long a container may be unable to start (image, missing Secret) before waiting is given up.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Waits until an object is ready, and gives it.
    ///
    /// # Errors
    /// It did not become ready within the deadline (by default that of its kind), or never will.
    pub async fn wait(
        &self,
        resource: &ApiResource,
        namespace: Option<&str>,
        name: &str,
        deadline: Option<Duration>,
    ) -> Result<Value, NotReady> {
        waiting::wait(self, resource, namespace, name, deadline).await
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn given_patience(&self) -> Duration {
        self.patience
    }

    pub(super) fn api(&self, resource: &ApiResource, namespace: Option<&str>) -> Api<DynamicObject> {
        match namespace {
            Some(namespace) => Api::namespaced_with(self.client.clone(), namespace, resource),
            None => Api::all_with(self.client.clone(), resource),
        }
    }

    /// The watch that sees an object.
    pub(super) fn objects(
        &self,
        resource: &ApiResource,
        namespace: Option<&str>,
        name: &str,
    ) -> Arc<SharedWatch> {
        // Listing all definitions is megabytes, and there are never many to wait for.
        let alone = resource.kind == "CustomResourceDefinition";
        let name = alone.then(|| name.to_owned());
        let key = ObjectsKey {
            api_version: resource.api_version.clone(),
            plural: resource.plural.clone(),
            namespace: namespace.map(str::to_owned),
            name: name.clone(),
        };
        shared(&self.watches.objects, key, || {
            SharedWatch::start(self.api(resource, namespace), resource.clone(), name.as_deref())
        })
    }

    /// The watch that sees which pods of a namespace cannot start.
    pub(super) fn pods_in_trouble(&self, namespace: &str) -> Arc<PodsInTrouble> {
        shared(&self.watches.pods, namespace.to_owned(), || {
            let pods = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Pod"));
            PodsInTrouble::start(self.api(&pods, Some(namespace)))
        })
    }
}

/// What is shared under a key; made where nobody has it any more.
fn shared<Key: Hash + Eq, Shared>(
    all: &Mutex<HashMap<Key, Weak<Shared>>>,
    key: Key,
    make: impl FnOnce() -> Shared,
) -> Arc<Shared> {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = all.get(&key).and_then(Weak::upgrade) {
        return found;
    }
    all.retain(|_, shared| shared.strong_count() > 0);
    let made = Arc::new(make());
    all.insert(key, Arc::downgrade(&made));
    made
}
