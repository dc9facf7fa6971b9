//! How the tables of statuses are read.

use airflow_eks_core::engine::Readiness;
use serde_json::Value;

use crate::readiness::of;

/// Holds each object of a table against what is expected of it: `ready`, `in progress: <part of why>` or
/// `failed: <part of why>`.
#[track_caller]
pub(crate) fn check(kind: (&str, &str), rows: &[(&str, &str, Value)]) {
    for (what, expected, object) in rows {
        let mut live = object.clone();
        live["apiVersion"] = kind.0.into();
        live["kind"] = kind.1.into();
        let (word, why) = match of(&live) {
            Readiness::Ready => ("ready", String::new()),
            Readiness::InProgress(why) => ("in progress", why),
            Readiness::Failed(why) => ("failed", why),
            other => panic!("{what}: {other:?}"),
        };
        let (expected_word, expected_why) = expected.split_once(": ").unwrap_or((expected, ""));
        assert!(word == expected_word && why.contains(expected_why), "{what}: {word}: {why}");
        // Whoever waits has to be told something.
        assert_eq!(why.is_empty(), word == "ready", "{what}: {word}: {why}");
    }
}
