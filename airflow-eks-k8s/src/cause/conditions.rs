//! Conditions that do not hold.

use serde_json::Value;

use super::lines::Lines;
use crate::live::Condition;

/// Tells which conditions do not hold and say why; the one that sums up the others comes last.
pub(super) fn tell(live: &Value, lines: &mut Lines) {
    let (summary, parts): (Vec<_>, Vec<_>) = Condition::all(live)
        .filter(|condition| !condition.is_true())
        .partition(|condition| condition.kind() == "Ready");
    for condition in parts.iter().chain(&summary) {
        if !condition.message().is_empty() {
            lines.push(&format!("condition {}: {}", condition.kind(), condition.why()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_part_comes_before_the_sum() {
        let mut lines = Lines::default();
        let class = json!({"status": {"conditions": [
            {"type": "Ready", "status": "False", "reason": "SubnetsNotFound", "message": "SubnetsReady=False"},
            {"type": "AMIsReady", "status": "True", "message": ""},
            {"type": "SubnetsReady", "status": "False", "reason": "SubnetsNotFound", "message": "no subnets match"},
            {"type": "InstanceProfileReady", "status": "Unknown"},
        ]}});
        tell(&class, &mut lines);
        assert_eq!(
            lines.into_texts(),
            [
                "condition SubnetsReady: SubnetsNotFound: no subnets match",
                "condition Ready: SubnetsNotFound: SubnetsReady=False",
            ]
        );
    }
}
