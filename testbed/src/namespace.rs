//! Names of namespaces that no other test uses.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// A name for a namespace that no other test, of this run or of an earlier one, has: tests that run at once keep
/// apart by namespace.
///
/// ```
/// # use airflow_eks_testbed::unique_namespace;
/// assert!(unique_namespace("render").starts_with("render-"));
/// assert_ne!(unique_namespace("render"), unique_namespace("render"));
/// ```
///
/// The prefix should be a DNS label of at most 30 characters; the name then has at most 63.
#[must_use]
pub fn unique_namespace(prefix: &str) -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    // Process ids come again, so the second in which the name is made is part of it.
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
    format!("{prefix}-{seconds:x}-{:x}-{count:x}", process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_into_a_dns_label() {
        let name = unique_namespace(&"a".repeat(30));
        assert!(name.len() <= 63, "{name}");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
    }
}
