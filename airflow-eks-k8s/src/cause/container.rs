//! What a container's status tells.

use serde_json::Value;

use crate::live::{count, flag, joined, number, text};

/// What is wrong with a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Symptom {
    /// The sentence, without the pod's name.
    pub sentence: String,
    /// What is the same in every pod that has it.
    pub shape: String,
    /// The container whose log may tell more, and whether that of its previous run.
    pub log: Option<(String, bool)>,
}

/// What is wrong with a container, as its status says; nothing where all is well.
pub(super) fn symptom(status: &Value) -> Option<Symptom> {
    let name = text(status, "/name");
    let waiting = text(status, "/state/waiting/reason");
    let restarts = count(status, "/restartCount");
    if let Some(ended) = status.pointer("/state/terminated").filter(|ended| count(ended, "/exitCode") != 0) {
        return Some(of_end(name, "", ended, restarts, false));
    }
    if let Some(ended) = status.pointer("/lastState/terminated").filter(|_| !flag(status, "/ready")) {
        return Some(of_end(name, waiting, ended, restarts, true));
    }
    match waiting {
        "" if status.pointer("/state/running").is_some() && !flag(status, "/ready") => Some(Symptom {
            sentence: format!("container {name} runs and is not ready"),
            shape: format!("{name} unready"),
            log: Some((name.to_owned(), false)),
        }),
        "" | "ContainerCreating" | "PodInitializing" => None,
        _ => Some(of_waiting(name, waiting, status)),
    }
}

fn of_waiting(name: &str, reason: &str, status: &Value) -> Symptom {
    let (message, image) = (text(status, "/state/waiting/message"), text(status, "/image"));
    let of_image = if reason.contains("Image") && !message.contains(image) {
        format!(" of {image}")
    } else {
        String::new()
    };
    Symptom {
        sentence: format!("container {name}: {}", joined(&format!("{reason}{of_image}"), message)),
        shape: format!("{name} {reason} {image}"),
        log: None,
    }
}

fn of_end(name: &str, waiting: &str, ended: &Value, restarts: i64, previous: bool) -> Symptom {
    let code = count(ended, "/exitCode");
    let state = if waiting.is_empty() { String::new() } else { format!(" {waiting}:") };
    let how = how(code, ended);
    let often = match restarts {
        0 => String::new(),
        1 => ", restarted once".to_owned(),
        more => format!(", restarted {more} times"),
    };
    let sentence = format!("container {name}:{state} ended with exit code {code}{how}{often}");
    Symptom {
        sentence: joined(&sentence, text(ended, "/message").trim()),
        shape: format!("{name} {code} {}", text(ended, "/reason")),
        log: Some((name.to_owned(), previous)),
    }
}

/// The reason, and the signal that an exit code stands for.
fn how(code: i64, ended: &Value) -> String {
    let signal = number(ended, "/signal").unwrap_or(code - 128);
    let signal = match signal {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => "",
    };
    let reason = Some(text(ended, "/reason")).filter(|reason| *reason != "Error").unwrap_or_default();
    let words: Vec<_> = [reason, signal].into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sentence(status: Value) -> Option<String> {
        symptom(&status).map(|symptom| symptom.sentence)
    }

    #[test]
    fn sentences() {
        assert_eq!(sentence(json!({"name": "web", "ready": true, "state": {"running": {}}})), None);
        assert_eq!(
            sentence(json!({"name": "web", "state": {"waiting": {"reason": "ContainerCreating"}}})),
            None
        );
        assert_eq!(
            sentence(json!({"name": "web", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}})),
            None
        );
        assert_eq!(
            sentence(json!({"name": "web", "image": "a/b:1", "state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}})).unwrap(),
            "container web: ErrImagePull of a/b:1: not found",
        );
        assert_eq!(
            sentence(json!({"name": "web", "state": {"waiting": {"reason": "CreateContainerConfigError", "message": "secret \"x\" not found"}}})).unwrap(),
            "container web: CreateContainerConfigError: secret \"x\" not found",
        );
        assert_eq!(
            sentence(json!({"name": "web", "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
                "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}})).unwrap(),
            "container web: CrashLoopBackOff: ended with exit code 137 (OOMKilled, SIGKILL), restarted 4 times",
        );
        assert_eq!(
            sentence(json!({"name": "web", "state": {"terminated": {"exitCode": 1, "reason": "Error", "message": "no database\n"}}})).unwrap(),
            "container web: ended with exit code 1: no database",
        );
        assert_eq!(
            sentence(json!({"name": "web", "ready": false, "state": {"running": {}}})).unwrap(),
            "container web runs and is not ready"
        );
    }

    #[test]
    fn a_container_that_was_restarted_and_is_well_is_no_symptom() {
        let well = json!({"name": "web", "ready": true, "restartCount": 1, "state": {"running": {}},
            "lastState": {"terminated": {"exitCode": 1}}});
        assert_eq!(symptom(&well), None);
    }
}
