//! One watch over the objects of a kind and namespace, of which each wait follows one.

use std::{
    collections::{BTreeSet, HashMap},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::StreamExt;
use kube::{
    Api, ResourceExt,
    api::{ApiResource, DynamicObject},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle, time::Instant};

use super::retry::{REFUSALS, is_refused_watch, pauses_of_watch, watch_in_words};
use crate::live::with_kind;

/// What a watch has last seen of an object.
#[derive(Debug, Clone, Default)]
pub(super) enum Seen {
    /// Nothing yet.
    #[default]
    Nothing,
    /// The object.
    There(Arc<Value>),
    /// That it is gone.
    Gone,
    /// The watch is refused, and for how long.
    Refused { why: String, since: Instant },
}

/// Followers by the name that they follow: everything else that the watch sees is dropped.
type Followers = Arc<Mutex<HashMap<String, watch::Sender<Seen>>>>;

/// A watch that goes on as long as somebody has it.
pub(super) struct SharedWatch {
    followers: Followers,
    task: JoinHandle<()>,
}

impl SharedWatch {
    /// Starts watching all objects, or one.
    pub(super) fn start(api: Api<DynamicObject>, resource: ApiResource, name: Option<&str>) -> Self {
        let followers = Followers::default();
        // A connection that died silently is noticed a few seconds after the timeout of the call.
        let config = watcher::Config::default().timeout(60);
        let config = match name {
            Some(name) => config.fields(&format!("metadata.name={name}")),
            None => config,
        };
        let task = tokio::spawn(follow(api, resource, config, Arc::clone(&followers)));
        Self { followers, task }
    }

    /// Follows one object. What is seen from now on is told; what it is now has to be asked.
    pub(super) fn object(&self, name: &str) -> watch::Receiver<Seen> {
        lock(&self.followers).entry(name.to_owned()).or_default().subscribe()
    }
}

impl Drop for SharedWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(followers: &Followers) -> MutexGuard<'_, HashMap<String, watch::Sender<Seen>>> {
    followers.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn follow(
    api: Api<DynamicObject>,
    resource: ApiResource,
    config: watcher::Config,
    followers: Followers,
) {
    let mut events = pin!(watcher(api, config).backoff(pauses_of_watch()));
    let mut listed = BTreeSet::new();
    let mut refused_since = None;
    while let Some(event) = events.next().await {
        match event {
            Err(error) if is_refused_watch(&error) => {
                let since = *refused_since.get_or_insert_with(Instant::now);
                if since.elapsed() >= REFUSALS {
                    tell_all(&followers, &Seen::Refused { why: watch_in_words(&error), since });
                }
            }
            Err(error) => {
                refused_since = None;
                tracing::debug!(error = watch_in_words(&error), "a watch is taken up again");
            }
            Ok(event) => {
                refused_since = None;
                tell(&followers, &resource, &mut listed, event);
            }
        }
    }
}

fn tell(
    followers: &Followers,
    resource: &ApiResource,
    listed: &mut BTreeSet<String>,
    event: Event<DynamicObject>,
) {
    match event {
        Event::Init => listed.clear(),
        Event::InitApply(object) => {
            listed.insert(object.name_any());
            tell_one(followers, resource, object);
        }
        Event::Apply(object) => tell_one(followers, resource, object),
        Event::Delete(object) => {
            if let Some(sender) = lock(followers).get(&object.name_any()) {
                sender.send_replace(Seen::Gone);
            }
        }
        Event::InitDone => {
            for (name, sender) in lock(followers).iter() {
                if !listed.contains(name) {
                    sender.send_replace(Seen::Gone);
                }
            }
            listed.clear();
        }
    }
}

fn tell_one(followers: &Followers, resource: &ApiResource, object: DynamicObject) {
    let name = object.name_any();
    if let Some(sender) = lock(followers).get(&name) {
        match with_kind(object, resource) {
            Ok(value) => drop(sender.send_replace(Seen::There(Arc::new(value)))),
            Err(error) => tracing::warn!(%name, %error, "an object cannot be read"),
        }
    }
}

fn tell_all(followers: &Followers, seen: &Seen) {
    for sender in lock(followers).values() {
        sender.send_replace(seen.clone());
    }
}
