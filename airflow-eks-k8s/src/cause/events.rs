//! Events: warnings, newest first, each kind of sentence once.

use serde_json::Value;

use super::{
    cluster::{Cluster, Kind},
    lines::{Lines, shape},
};
use crate::{
    live::{joined, kind, name, namespace, number, text},
    refusal::in_words,
};

/// So many are told of one object.
const MOST: usize = 4;

/// Tells the warnings about an object.
pub(super) async fn tell(cluster: &Cluster, object: &Value, lines: &mut Lines) {
    tell_some(cluster, object, "type=Warning", lines).await;
}

/// Tells everything that was noted about an object, for kinds whose waiting is no warning.
pub(super) async fn tell_all(cluster: &Cluster, object: &Value, lines: &mut Lines) {
    tell_some(cluster, object, "", lines).await;
}

async fn tell_some(cluster: &Cluster, object: &Value, selector: &str, lines: &mut Lines) {
    let uid = text(object, "/metadata/uid");
    if uid.is_empty() {
        return;
    }
    let about = format!("involvedObject.uid={uid}");
    let selector = if selector.is_empty() { about } else { format!("{about},{selector}") };
    // Those of objects in no namespace lie in `default`.
    let home = namespace(object).unwrap_or("default");
    match cluster.list(Kind::Event, Some(home), "", &selector).await {
        Ok(events) => {
            for said in
                newest_of_each(events).iter().map(sentence).filter(|said| !said.message.is_empty()).take(MOST)
            {
                if !lines.tell_of(&said.message) && !is_mere_repetition(&said.message) {
                    lines.push(&format!("{} {}: {}", kind(object), name(object), said.in_words()));
                }
            }
        }
        Err(error) => lines.push(&format!(
            "the events of {} {} cannot be read: {}",
            kind(object),
            name(object),
            in_words(&error)
        )),
    }
}

struct Sentence {
    reason: String,
    message: String,
    count: i64,
}

impl Sentence {
    fn in_words(&self) -> String {
        let times = if self.count > 1 { format!(" ({} times)", self.count) } else { String::new() };
        format!("{}{times}", joined(&self.reason, &self.message))
    }
}

fn sentence(event: &Value) -> Sentence {
    let count = number(event, "/series/count").or_else(|| number(event, "/count")).unwrap_or(1);
    // What was tried is in `note` or `message`, by the API in which it was written; here it is always the older one.
    let message = text(event, "/message").trim().trim_start_matches("(combined from similar events): ");
    Sentence { reason: text(event, "/reason").to_owned(), message: message.to_owned(), count }
}

/// What the kubelet notes beside the sentence that tells more.
fn is_mere_repetition(message: &str) -> bool {
    matches!(message, "Error: ImagePullBackOff" | "Error: ErrImagePull")
        || message.starts_with("Back-off restarting failed container")
}

/// The newest event of each kind of sentence, newest first.
fn newest_of_each(mut events: Vec<Value>) -> Vec<Value> {
    events.sort_by_cached_key(|event| std::cmp::Reverse(time(event)));
    let mut shapes = Vec::new();
    events.retain(|event| {
        let said = sentence(event);
        let shape = format!("{} {}", said.reason, shape(&said.message));
        let new = !shapes.contains(&shape);
        if new {
            shapes.push(shape);
        }
        new
    });
    events
}

/// Times of both APIs sort as texts down to the second.
fn time(event: &Value) -> String {
    let times = [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/eventTime",
        "/firstTimestamp",
        "/metadata/creationTimestamp",
    ];
    let time = times.iter().map(|field| text(event, field)).find(|time| !time.is_empty()).unwrap_or_default();
    time.chars().take(19).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_newest_of_each_kind() {
        let event = |time: &str, reason: &str, message: &str| json!({"lastTimestamp": time, "reason": reason, "message": message});
        let events = vec![
            event(
                "2026-11-21T10:00:00Z",
                "FailedCreate",
                "pods \"web-a\" is forbidden: exceeded quota: used 1",
            ),
            event(
                "2026-11-21T10:00:09Z",
                "FailedCreate",
                "pods \"web-b\" is forbidden: exceeded quota: used 2",
            ),
            json!({"eventTime": "2026-11-21T10:00:10.123456Z", "reason": "FailedScheduling", "message": "0/4 nodes"}),
            event("2026-11-21T10:00:05Z", "FailedCreate", "admission webhook \"x\" denied the request"),
        ];
        let told: Vec<_> = newest_of_each(events).iter().map(|event| sentence(event).in_words()).collect();
        assert_eq!(
            told,
            [
                "FailedScheduling: 0/4 nodes",
                "FailedCreate: pods \"web-b\" is forbidden: exceeded quota: used 2",
                "FailedCreate: admission webhook \"x\" denied the request",
            ]
        );
    }

    #[test]
    fn counts_of_both_kinds() {
        let told = [
            json!({"reason": "A", "message": "b", "count": 3}),
            json!({"reason": "A", "message": "b", "series": {"count": 4}}),
        ];
        assert_eq!(told.map(|event| sentence(&event).in_words()), ["A: b (3 times)", "A: b (4 times)"]);
    }
}
