//! Pods.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::live::{Condition, items, joined, text};

/// Ready, or done. What may still mend itself (an image that appears, a node that comes) is in progress.
pub(crate) fn readiness(live: &Value) -> Readiness {
    match text(live, "/status/phase") {
        "Succeeded" => Readiness::Ready,
        "Failed" => Readiness::Failed(failure(live)),
        _ if Condition::of(live, "Ready").is_some_and(|condition| condition.is_true()) => Readiness::Ready,
        phase => Readiness::InProgress(why(live).unwrap_or_else(|| {
            if phase.is_empty() {
                "it has not been seen yet".to_owned()
            } else {
                format!("its phase is {phase}")
            }
        })),
    }
}

/// Why it is not ready: where it cannot run, what its containers wait for, or what the pod says.
fn why(live: &Value) -> Option<String> {
    let unscheduled = Condition::of(live, "PodScheduled").filter(Condition::is_false);
    if let Some(condition) = unscheduled {
        return Some(condition.why());
    }
    let waiting = containers(live).find_map(|container| {
        let reason = text(container, "/state/waiting/reason");
        let message = text(container, "/state/waiting/message");
        let telling = !matches!(reason, "" | "ContainerCreating" | "PodInitializing");
        telling.then(|| format!("container {}: {}", text(container, "/name"), joined(reason, message)))
    });
    waiting.or_else(|| {
        let unready = Condition::of(live, "Ready").filter(Condition::is_false);
        unready.map(|condition| condition.why()).filter(|why| !why.is_empty())
    })
}

/// Why it has failed: what the pod says (evictions), or how its container ended.
fn failure(live: &Value) -> String {
    let said = joined(text(live, "/status/reason"), text(live, "/status/message"));
    if !said.is_empty() {
        return said;
    }
    let ended = containers(live).find_map(|container| {
        let code = container
            .pointer("/state/terminated/exitCode")
            .and_then(Value::as_i64)
            .filter(|code| *code != 0)?;
        let reason =
            joined(text(container, "/state/terminated/reason"), text(container, "/state/terminated/message"));
        Some(format!("container {} ended with exit code {code} ({reason})", text(container, "/name")))
    });
    ended.unwrap_or_else(|| "its phase is Failed".to_owned())
}

fn containers(live: &Value) -> impl Iterator<Item = &Value> {
    items(live, "/status/initContainerStatuses").iter().chain(items(live, "/status/containerStatuses"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::readiness::kinds::table::check;

    fn waiting(reason: &str, message: &str) -> Value {
        json!({"status": {
            "phase": "Pending",
            "conditions": [{"type": "Ready", "status": "False", "reason": "ContainersNotReady", "message": "containers with unready status: [web]"}],
            "containerStatuses": [{"name": "web", "ready": false, "state": {"waiting": {"reason": reason, "message": message}}}],
        }})
    }

    #[test]
    fn statuses() {
        let ended = json!({"status": {"phase": "Failed", "containerStatuses": [
            {"name": "side", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}},
            {"name": "main", "state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}},
        ]}});
        check(
            ("v1", "Pod"),
            &[
                ("as made", "in progress: not been seen yet", json!({})),
                (
                    "ready",
                    "ready",
                    json!({"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}),
                ),
                (
                    "done",
                    "ready",
                    json!({"status": {"phase": "Succeeded", "conditions": [{"type": "Ready", "status": "False"}]}}),
                ),
                ("being made", "in progress: ContainersNotReady", waiting("ContainerCreating", "")),
                (
                    "image",
                    "in progress: container web: ImagePullBackOff: Back-off pulling",
                    waiting("ImagePullBackOff", "Back-off pulling image \"a\""),
                ),
                (
                    "crash",
                    "in progress: container web: CrashLoopBackOff",
                    waiting("CrashLoopBackOff", "back-off 10s"),
                ),
                (
                    "fits nowhere",
                    "in progress: Unschedulable: 0/4 nodes are available",
                    json!({"status": {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                    "reason": "Unschedulable", "message": "0/4 nodes are available"}]}}),
                ),
                ("out of memory", "failed: container main ended with exit code 137 (OOMKilled)", ended),
                (
                    "evicted",
                    "failed: Evicted: The node was low on resource",
                    json!({"status": {"phase": "Failed",
                "reason": "Evicted", "message": "The node was low on resource: memory."}}),
                ),
            ],
        );
    }
}
