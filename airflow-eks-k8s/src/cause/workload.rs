//! From a workload to its pods.

use serde_json::Value;

use super::{
    cluster::{Cluster, Kind},
    container::Symptom,
    events,
    lines::Lines,
    pod,
};
use crate::{
    live::{Condition, items, kind, name, namespace, text},
    refusal::in_words,
};

/// So many different troubles of pods are told.
const MOST: usize = 3;

/// Tells about a Deployment: the pods of its newest ReplicaSet, what that one could not make, then the others.
pub(super) async fn deployment(cluster: &Cluster, live: &Value, lines: &mut Lines) {
    let selector = selector(live);
    let mut sets = match cluster.list(Kind::ReplicaSet, namespace(live), &selector, "").await {
        Ok(sets) => sets,
        Err(error) => {
            lines.push(&format!("its ReplicaSets cannot be read: {}", in_words(&error)));
            Vec::new()
        }
    };
    sets.retain(|set| is_owned_by(set, live));
    sets.sort_by_key(|set| std::cmp::Reverse(revision(set)));
    let newest_first: Vec<_> = sets.iter().map(|set| text(set, "/metadata/uid")).collect();
    pods_of(cluster, live, &newest_first, lines).await;
    if let Some(newest) = sets.first() {
        events::tell(cluster, newest, lines).await;
    }
    // A quota's or webhook's refusal outlives its events here.
    let refusal = Condition::of(live, "ReplicaFailure").filter(Condition::is_true);
    if let Some(refusal) = refusal.filter(|refusal| !lines.tell_of(refusal.message())) {
        lines.push(&refusal.why());
    }
    events::tell(cluster, live, lines).await;
    tell_of_silence(live, lines);
}

/// Tells about the pods of a workload that are not well; those of the owners that are named come first, in that order.
pub(super) async fn pods_of(cluster: &Cluster, live: &Value, owners: &[&str], lines: &mut Lines) {
    let selector = selector(live);
    if selector.is_empty() {
        return;
    }
    let mut pods = match cluster.list(Kind::Pod, namespace(live), &selector, "").await {
        Ok(pods) => pods,
        Err(error) => return lines.push(&format!("its pods cannot be read: {}", in_words(&error))),
    };
    pods.sort_by_cached_key(|pod| {
        (place(pod, owners), std::cmp::Reverse(text(pod, "/metadata/creationTimestamp").to_owned()))
    });
    let troubles = troubles(&pods);
    for (place, trouble) in troubles.iter().take(MOST).enumerate() {
        for symptom in &trouble.symptoms {
            lines.push(&format!("pod {}{}: {}", name(trouble.pod), trouble.others(), symptom.sentence));
        }
        pod::details(cluster, trouble.pod, &trouble.symptoms, if place == 0 { 10 } else { 4 }, lines).await;
    }
}

/// What is left to say where nothing else was found.
pub(super) fn tell_of_silence(live: &Value, lines: &mut Lines) {
    if lines.is_empty() {
        lines.push(&format!("neither {} {} nor its pods say why", kind(live), name(live)));
    }
}

/// What is wrong with some pods in the same way.
struct Trouble<'a> {
    pod: &'a Value,
    symptoms: Vec<Symptom>,
    count: usize,
}

impl Trouble<'_> {
    fn others(&self) -> String {
        if self.count > 1 { format!(" (and {} more)", self.count - 1) } else { String::new() }
    }
}

fn troubles(pods: &[Value]) -> Vec<Trouble<'_>> {
    let mut troubles: Vec<Trouble<'_>> = Vec::new();
    let shape =
        |symptoms: &[Symptom]| symptoms.iter().map(|symptom| symptom.shape.clone()).collect::<Vec<_>>();
    for pod in pods {
        let symptoms = pod::symptoms(pod);
        if symptoms.is_empty() {
            continue;
        }
        match troubles.iter_mut().find(|trouble| shape(&trouble.symptoms) == shape(&symptoms)) {
            Some(known) => known.count += 1,
            None => troubles.push(Trouble { pod, symptoms, count: 1 }),
        }
    }
    troubles
}

fn place(pod: &Value, owners: &[&str]) -> usize {
    owners.iter().position(|owner| is_owned_by_uid(pod, owner)).unwrap_or(owners.len())
}

fn is_owned_by(object: &Value, owner: &Value) -> bool {
    is_owned_by_uid(object, text(owner, "/metadata/uid"))
}

fn is_owned_by_uid(object: &Value, uid: &str) -> bool {
    items(object, "/metadata/ownerReferences").iter().any(|owner| text(owner, "/uid") == uid)
}

/// Deployments number their ReplicaSets.
fn revision(set: &Value) -> u64 {
    text(set, "/metadata/annotations/deployment.kubernetes.io~1revision").parse().unwrap_or(0)
}

/// A workload's selector as the API server takes it in a question.
fn selector(live: &Value) -> String {
    let labels = live.pointer("/spec/selector/matchLabels").and_then(Value::as_object);
    let labels = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
    let expressions = items(live, "/spec/selector/matchExpressions").iter().filter_map(expression);
    labels.chain(expressions).collect::<Vec<_>>().join(",")
}

fn expression(expression: &Value) -> Option<String> {
    let key = text(expression, "/key");
    let values = items(expression, "/values").iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",");
    match text(expression, "/operator") {
        "In" => Some(format!("{key} in ({values})")),
        "NotIn" => Some(format!("{key} notin ({values})")),
        "Exists" => Some(key.to_owned()),
        "DoesNotExist" => Some(format!("!{key}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors() {
        let live = json!({"spec": {"selector": {"matchLabels": {"app": "web", "tier": "a"}, "matchExpressions": [
            {"key": "track", "operator": "NotIn", "values": ["canary", "test"]},
            {"key": "old", "operator": "DoesNotExist"},
        ]}}});
        assert_eq!(selector(&live), "app=web,tier=a,track notin (canary,test),!old");
    }

    #[test]
    fn the_same_trouble_is_told_once() {
        let pod = |name: &str, restarts: u64| {
            json!({"metadata": {"name": name}, "status": {"phase": "Running", "containerStatuses": [
            {"name": "web", "restartCount": restarts, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 1}}}]}})
        };
        let pods = [pod("web-a", 3), pod("web-b", 4)];
        let found = troubles(&pods);
        assert_eq!((found.len(), found[0].others().as_str()), (1, " (and 1 more)"));
    }
}
