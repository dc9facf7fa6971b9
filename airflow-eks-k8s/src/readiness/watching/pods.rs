//! Pods whose containers cannot start, so that nobody waits in vain for a workload of theirs.

use std::{
    collections::{BTreeMap, HashMap},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::StreamExt;
use kube::{
    Api, ResourceExt,
    api::DynamicObject,
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle, time::Instant};

use super::retry::{pauses_of_watch, watch_in_words};
use crate::live::{group, items, joined, kind, name, text};

/// How long a container may be unable to start where nobody says: a registry or a Secret may be a little late.
pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(120);

/// The reasons for which a container waits that do not go away by themselves.
/// <https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go>
const REASONS: [&str; 6] = [
    "CreateContainerConfigError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImageInspectError",
    "ImagePullBackOff",
    "InvalidImageName",
];

/// The pods that are of concern to a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pods {
    /// The one itself that is waited for.
    Named(String),
    /// Those of a workload, by their labels.
    Labelled(BTreeMap<String, String>),
}

impl Pods {
    /// The pods of an object; nothing where it has none.
    pub(super) fn of(object: &Value) -> Option<Self> {
        match (group(object), kind(object)) {
            ("", "Pod") => Some(Self::Named(name(object).to_owned())),
            ("apps" | "batch", _) => {
                let labels = object.pointer("/spec/selector/matchLabels")?.as_object()?.iter();
                let labels: BTreeMap<_, _> = labels
                    .map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                    .collect::<Option<_>>()?;
                (!labels.is_empty()).then_some(Self::Labelled(labels))
            }
            _ => None,
        }
    }

    fn include(&self, pod: &str, labels: &BTreeMap<String, String>) -> bool {
        match self {
            Self::Named(name) => name == pod,
            Self::Labelled(wanted) => wanted.iter().all(|(key, value)| labels.get(key) == Some(value)),
        }
    }
}

/// A container that cannot start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Which pod and container, and what the kubelet says.
    pub why: String,
    /// Since when that has been seen.
    pub since: Instant,
    /// Whether even patience does not help.
    pub certain: bool,
    labels: BTreeMap<String, String>,
}

type Troubles = Arc<Mutex<HashMap<String, Trouble>>>;

/// The pods of a namespace that cannot start, as a watch tells.
pub(super) struct PodsInTrouble {
    troubles: Troubles,
    changes: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl PodsInTrouble {
    /// Starts watching. Pods are pending as long as a container has never started, so the thousands of running ones
    /// are never seen.
    pub(super) fn start(pods: Api<DynamicObject>) -> Self {
        let (troubles, changes) = (Troubles::default(), watch::Sender::new(()));
        let task = tokio::spawn(follow(pods, Arc::clone(&troubles), changes.clone()));
        Self { troubles, changes, task }
    }

    /// Tells of every change.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// The longest trouble of some pods.
    pub(super) fn longest(&self, pods: &Pods) -> Option<Trouble> {
        let troubles = lock(&self.troubles);
        let ours = troubles.iter().filter(|(name, trouble)| pods.include(name, &trouble.labels));
        let ours = ours.map(|(_, trouble)| trouble);
        ours.min_by_key(|trouble| (!trouble.certain, trouble.since)).cloned()
    }
}

impl Drop for PodsInTrouble {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(troubles: &Troubles) -> MutexGuard<'_, HashMap<String, Trouble>> {
    troubles.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn follow(pods: Api<DynamicObject>, troubles: Troubles, changes: watch::Sender<()>) {
    let config = watcher::Config::default().fields("status.phase=Pending").timeout(60);
    let mut events = pin!(watcher(pods, config).backoff(pauses_of_watch()));
    let mut listed = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            // Only the early end is lost; the wait itself goes on.
            Err(error) => {
                tracing::debug!(error = watch_in_words(&error), "the watch over pods is taken up again");
            }
            Ok(Event::Init) => listed.clear(),
            Ok(Event::InitApply(pod)) => {
                listed.push(pod.name_any());
                note(&troubles, &pod);
            }
            Ok(Event::Apply(pod)) => note(&troubles, &pod),
            Ok(Event::Delete(pod)) => drop(lock(&troubles).remove(&pod.name_any())),
            Ok(Event::InitDone) => lock(&troubles).retain(|name, _| listed.contains(name)),
        }
        changes.send_replace(());
    }
}

fn note(troubles: &Troubles, pod: &DynamicObject) {
    let (name, mut troubles) = (pod.name_any(), lock(troubles));
    let going = pod.metadata.deletion_timestamp.is_some();
    match trouble(&pod.data).filter(|_| !going) {
        None => drop(troubles.remove(&name)),
        Some((why, certain)) => {
            // The reason alternates between a failed attempt and the pause after it.
            let since = troubles.get(&name).map_or_else(Instant::now, |known| known.since);
            let why = format!("pod {name}: {why}");
            troubles.insert(name, Trouble { why, since, certain, labels: pod.labels().clone() });
        }
    }
}

/// What the container says that cannot start, and whether that is certain.
pub(super) fn trouble(pod: &Value) -> Option<(String, bool)> {
    let containers = ["/status/initContainerStatuses", "/status/containerStatuses"];
    containers.iter().flat_map(|list| items(pod, list)).find_map(|container| {
        let reason = text(container, "/state/waiting/reason");
        REASONS.contains(&reason).then(|| {
            let said = joined(reason, text(container, "/state/waiting/message"));
            (
                format!("container {} cannot start: {said}", text(container, "/name")),
                reason == "InvalidImageName",
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whose_pods_are_whose() {
        let job = json!({"apiVersion": "batch/v1", "kind": "Job", "spec": {"selector": {"matchLabels": {"job": "a"}}}});
        let pods = Pods::of(&job).unwrap();
        let labels = |text: &str| {
            BTreeMap::from([("job".to_owned(), text.to_owned()), ("other".to_owned(), String::new())])
        };
        assert!(pods.include("x", &labels("a")) && !pods.include("x", &labels("b")));
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}});
        let pods = Pods::of(&pod).unwrap();
        assert!(pods.include("x", &labels("a")) && !pods.include("y", &labels("a")));
        assert_eq!(
            Pods::of(&json!({"apiVersion": "apps/v1", "kind": "Deployment"})),
            None,
            "not those of everybody"
        );
    }

    #[test]
    fn what_may_still_start_is_no_trouble() {
        let pod = |reason: &str| json!({"status": {"containerStatuses": [{"name": "web", "state": {"waiting": {"reason": reason}}}]}});
        assert_eq!(trouble(&pod("ContainerCreating")), None);
        assert_eq!(trouble(&pod("CrashLoopBackOff")), None);
        assert_eq!(trouble(&pod("ErrImagePull")).map(|(_, certain)| certain), Some(false));
        assert_eq!(trouble(&pod("InvalidImageName")).map(|(_, certain)| certain), Some(true));
    }
}
