//! One wait, from the first look to the last word.

use std::{future::pending, sync::Arc, time::Duration};

use airflow_eks_core::engine::Readiness;
use futures::FutureExt;
use kube::{Api, api::DynamicObject, core::ApiResource};
use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until, timeout_at},
};

use super::{
    super::{NotReady, assess, default_deadline},
    hub::Waits,
    pods::{Pods, PodsInTrouble},
    retry::{Pauses, REFUSALS},
    shared::Seen,
};
use crate::{
    cause,
    live::{self, Condition},
    plain_text::{SENTENCE, clean},
    refusal::{in_words, is_refusal},
};

/// Why a wait ended without success, before it is explained.
enum End {
    /// There is nothing to wait for.
    Gone(String),
    /// It will not become ready.
    Pointless(String, Arc<Value>),
}

pub(super) async fn wait(
    waits: &Waits,
    resource: &ApiResource,
    namespace: Option<&str>,
    name: &str,
    deadline: Option<Duration>,
) -> Result<Value, NotReady> {
    let time = deadline.unwrap_or_else(|| default_deadline(&resource.kind));
    let why = "the API server has not answered".to_owned();
    let mut last = Last { object: None, why, given_up_before: None };
    let until = Instant::now().checked_add(time);
    let following = follow(waits, resource, namespace, name, &mut last);
    let end = match until {
        Some(until) => timeout_at(until, following).await,
        None => Ok(following.await),
    };
    let (reason, object, timed_out) = match end {
        Ok(Ok(object)) => return Ok(object),
        Ok(Err(End::Gone(reason))) => (reason, None, false),
        Ok(Err(End::Pointless(reason, object))) => (reason, Some(object), false),
        Err(_) => (format!("not ready after {}: {}", in_time(time), last.why), last.object, true),
    };
    let cause = match object {
        Some(object) => cause::explain(waits.client().clone(), &object).await,
        None => Vec::new(),
    };
    Err(NotReady { reason: clean(&reason, SENTENCE), cause, timed_out })
}

/// What was last known, for when the time is up.
struct Last {
    object: Option<Arc<Value>>,
    why: String,
    /// When the rollout was given up that had been before this wait began. It goes on as soon as what kept it is mended.
    given_up_before: Option<String>,
}

async fn follow(
    waits: &Waits,
    resource: &ApiResource,
    namespace: Option<&str>,
    name: &str,
    last: &mut Last,
) -> Result<Value, End> {
    let api = waits.api(resource, namespace);
    // Most objects are ready at once, so the watch begins only where that is not so.
    let mut object = look(&api, resource, name, last).await?;
    if let Some(ready) = judge(waits, &object, last).await? {
        return Ok(ready);
    }
    let watched = waits.objects(resource, namespace, name);
    let mut seen = watched.object(name);
    let pods = Pods::of(&object);
    let troubles = pods.as_ref().zip(namespace).map(|(_, namespace)| waits.pods_in_trouble(namespace));
    // What happened before the watch followed this object.
    object = look(&api, resource, name, last).await?;
    loop {
        if let Some(ready) = judge(waits, &object, last).await? {
            return Ok(ready);
        }
        tokio::select! {
            next = next(&mut seen, &object) => match next {
                Some(Seen::There(newer)) => object = newer,
                Some(Seen::Refused { why, since }) if since.elapsed() >= REFUSALS => {
                    return Err(End::Pointless(format!("it cannot be watched: {why}"), object));
                }
                // It may have been made anew.
                _ => object = look(&api, resource, name, last).await?,
            },
            why = hopeless_pod(troubles.as_deref(), pods.as_ref(), waits.given_patience()) => {
                return Err(End::Pointless(why, object));
            }
            // A claim's class may come into being, which no watch over claims shows.
            () = class_may_have_come(&object) => {}
        }
    }
}

/// Reads the object, however long that takes, unless there is none.
async fn look(
    api: &Api<DynamicObject>,
    resource: &ApiResource,
    name: &str,
    last: &mut Last,
) -> Result<Arc<Value>, End> {
    let mut pauses = Pauses::default();
    let mut refused_since = None;
    loop {
        match api.get_opt(name).await {
            Ok(Some(object)) => match live::with_kind(object, resource) {
                Ok(object) => return Ok(Arc::new(object)),
                Err(error) => return Err(End::Gone(format!("it cannot be read: {error}"))),
            },
            Ok(None) if last.object.is_some() => {
                return Err(End::Gone("it was deleted while it was waited for".to_owned()));
            }
            Ok(None) => return Err(End::Gone("it does not exist".to_owned())),
            Err(error) => {
                let why = format!("it cannot be read: {}", in_words(&error));
                let refused = is_refusal(&error);
                let since = *refused_since.get_or_insert_with(Instant::now);
                if refused && since.elapsed() >= REFUSALS {
                    return Err(End::Gone(why));
                }
                if !refused {
                    refused_since = None;
                }
                last.why = why;
            }
        }
        sleep(pauses.next().unwrap_or(REFUSALS)).await;
    }
}

/// The object, once it is ready.
async fn judge(waits: &Waits, object: &Arc<Value>, last: &mut Last) -> Result<Option<Value>, End> {
    if last.object.is_none() {
        last.given_up_before = given_up(object);
    }
    last.object = Some(Arc::clone(object));
    match assess(waits.client(), object).await {
        Ok(Readiness::Ready) => Ok(Some(Value::clone(object))),
        Ok(Readiness::Failed(why))
            if last.given_up_before.is_some() && last.given_up_before == given_up(object) =>
        {
            last.why = why;
            Ok(None)
        }
        Ok(Readiness::Failed(why)) => Err(End::Pointless(why, Arc::clone(object))),
        Ok(Readiness::InProgress(why)) => {
            last.why = why;
            Ok(None)
        }
        Ok(_) => Ok(None),
        Err(error) => {
            last.why = format!("its storage class cannot be read: {}", in_words(&error));
            Ok(None)
        }
    }
}

/// When the rollout of a Deployment was given up, if it was.
fn given_up(object: &Value) -> Option<String> {
    let progressing = Condition::of(object, "Progressing")?;
    (progressing.reason() == "ProgressDeadlineExceeded").then(|| progressing.updated().to_owned())
}

/// What the watch sees next that is not older than what is known: it may be behind.
async fn next(seen: &mut watch::Receiver<Seen>, known: &Value) -> Option<Seen> {
    loop {
        seen.changed().await.ok()?;
        let now = seen.borrow_and_update().clone();
        match &now {
            Seen::Nothing => {}
            Seen::There(object) if is_older(object, known) => {}
            _ => return Some(now),
        }
    }
}

/// Versions may be compared as numbers.
/// <https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5504-comparable-resource-version>
fn is_older(object: &Value, known: &Value) -> bool {
    let version = |object| live::text(object, "/metadata/resourceVersion").parse::<u64>().ok();
    version(object).zip(version(known)).is_some_and(|(one, other)| one <= other)
}

/// Ends once a container has been unable to start for too long.
async fn hopeless_pod(troubles: Option<&PodsInTrouble>, pods: Option<&Pods>, patience: Duration) -> String {
    let (Some(troubles), Some(pods)) = (troubles, pods) else { return pending().await };
    let mut changes = troubles.changes();
    loop {
        let trouble = troubles.longest(pods);
        let too_long = match &trouble {
            Some(trouble) => {
                let patience = if trouble.certain { Duration::ZERO } else { patience };
                trouble
                    .since
                    .checked_add(patience)
                    .map_or_else(|| pending().boxed(), |end| sleep_until(end).boxed())
            }
            None => pending().boxed(),
        };
        tokio::select! {
            () = too_long => if let Some(trouble) = trouble { return trouble.why },
            changed = changes.changed() => if changed.is_err() { return pending().await },
        }
    }
}

async fn class_may_have_come(object: &Value) {
    if live::kind(object) == "PersistentVolumeClaim" {
        sleep(Duration::from_secs(10)).await;
    } else {
        pending::<()>().await;
    }
}

/// A time as people say it.
fn in_time(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 60 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds if seconds > 0 => format!("{seconds} s"),
        _ => format!("{} ms", time.as_millis()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_watch_that_is_behind_is_noticed() {
        let version = |version: &str| json!({"metadata": {"resourceVersion": version}});
        assert!(is_older(&version("99"), &version("100")));
        assert!(!is_older(&version("101"), &version("100")));
        assert!(!is_older(&version("x"), &version("100")));
    }

    #[test]
    fn times() {
        let said = [200, 1_500, 60_000, 90_000].map(|time| in_time(Duration::from_millis(time)));
        assert_eq!(said, ["200 ms", "1 s", "1 min", "90 s"]);
    }
}
