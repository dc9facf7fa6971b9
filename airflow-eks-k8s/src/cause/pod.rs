//! What a pod tells.

use serde_json::Value;

use super::{
    claim,
    cluster::Cluster,
    container::{self, Symptom},
    events,
    lines::Lines,
    logs,
};
use crate::live::{Condition, items, joined, name, text};

/// Tells everything about one pod.
pub(super) async fn tell(cluster: &Cluster, pod: &Value, lines: &mut Lines) {
    let symptoms = symptoms(pod);
    for symptom in &symptoms {
        lines.push(&format!("pod {}: {}", name(pod), symptom.sentence));
    }
    details(cluster, pod, &symptoms, 10, lines).await;
}

/// Tells what the status does not: events, claims, and the logs of containers that failed.
pub(super) async fn details(
    cluster: &Cluster,
    pod: &Value,
    symptoms: &[Symptom],
    log_lines: i64,
    lines: &mut Lines,
) {
    for (container, previous) in symptoms.iter().filter_map(|symptom| symptom.log.as_ref()).take(2) {
        logs::tell(cluster, pod, container, *previous, log_lines, lines).await;
    }
    if Condition::of(pod, "PodScheduled").is_some_and(|condition| condition.is_false()) {
        claim::tell_of_pod(cluster, pod, lines).await;
    }
    events::tell(cluster, pod, lines).await;
}

/// What is wrong with a pod, as its status says. One that does not say anything yet has one, too: its phase.
pub(super) fn symptoms(pod: &Value) -> Vec<Symptom> {
    if is_well(pod) {
        return Vec::new();
    }
    let evicted = joined(text(pod, "/status/reason"), text(pod, "/status/message"));
    let unscheduled = Condition::of(pod, "PodScheduled").filter(Condition::is_false);
    let of_pod = match unscheduled {
        Some(condition) => format!("cannot be scheduled: {}", condition.message()),
        None => evicted,
    };
    let of_pod = (!of_pod.is_empty()).then(|| plain(of_pod));
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"];
    let of_containers = statuses.iter().flat_map(|list| items(pod, list)).filter_map(container::symptom);
    let found: Vec<_> = of_pod.into_iter().chain(of_containers).collect();
    if found.is_empty() { vec![plain(phase(pod))] } else { found }
}

/// Whether nothing is wrong: it runs, is done, or goes as it should.
pub(super) fn is_well(pod: &Value) -> bool {
    let ready = Condition::of(pod, "Ready").is_some_and(|condition| condition.is_true());
    ready || text(pod, "/status/phase") == "Succeeded" || pod.pointer("/metadata/deletionTimestamp").is_some()
}

fn plain(sentence: String) -> Symptom {
    Symptom { shape: sentence.clone(), sentence, log: None }
}

fn phase(pod: &Value) -> String {
    let creating = ["/status/initContainerStatuses", "/status/containerStatuses"]
        .iter()
        .flat_map(|list| items(pod, list))
        .find(|container| text(container, "/state/waiting/reason") == "ContainerCreating");
    match creating {
        Some(_) => "its containers are being made".to_owned(),
        None if text(pod, "/spec/nodeName").is_empty() => "no node has been chosen for it yet".to_owned(),
        None => format!("its phase is {}", text(pod, "/status/phase")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sentences(pod: &Value) -> Vec<String> {
        symptoms(pod).into_iter().map(|symptom| symptom.sentence).collect()
    }

    #[test]
    fn sentences_of_pods() {
        let well =
            json!({"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}});
        assert!(symptoms(&well).is_empty());
        let nowhere = json!({"status": {"phase": "Pending", "conditions": [
            {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/4 nodes are available"}]}});
        assert_eq!(sentences(&nowhere), ["cannot be scheduled: 0/4 nodes are available"]);
        let evicted = json!({"status": {"phase": "Failed", "reason": "Evicted", "message": "low on memory"}});
        assert_eq!(sentences(&evicted), ["Evicted: low on memory"]);
        assert_eq!(
            sentences(&json!({"status": {"phase": "Pending"}})),
            ["no node has been chosen for it yet"]
        );
    }

    #[test]
    fn a_failed_init_container_comes_first() {
        let pod = json!({"spec": {"nodeName": "a"}, "status": {"phase": "Pending",
            "initContainerStatuses": [{"name": "wait", "restartCount": 1, "state": {"running": {}}, "lastState": {"terminated": {"exitCode": 2}}}],
            "containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "PodInitializing"}}}]}});
        assert_eq!(sentences(&pod), ["container wait: ended with exit code 2, restarted once"]);
    }

    #[test]
    fn values_of_the_environment_are_never_told() {
        let pod = json!({"spec": {"containers": [{"name": "web", "env": [{"name": "PASSWORD", "value": "hunter2"}]}]},
            "status": {"phase": "Pending", "containerStatuses": [{"name": "web", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]}});
        assert!(!format!("{:?}", symptoms(&pod)).contains("hunter2"));
    }
}
