//! The stack as a whole.

use super::{Check, at};
use crate::graph::holds_mark;

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    if let (Some(said), Some(found)) = (&spec.account, &check.facts.account) {
        check.ensure(
            said == found,
            &at("account"),
            format!("the stack belongs to account {said}, but the credentials are those of {found}"),
            "use the credentials of the right account, for example with AWS_PROFILE",
        );
    }
    check.ensure(
        spec.tags.len() <= 40,
        &at("tags"),
        format!("{} tags are too many", spec.tags.len()),
        "AWS allows 50 for each resource, and the stack needs up to 10 of its own: keep at most 40",
    );
    for key in spec.tags.keys() {
        check.ensure(
            !key.as_str().starts_with("airflow-eks/") && !key.as_str().starts_with("kubernetes.io/"),
            &at("tags").key(key.as_str()),
            format!("the tag `{key}` is one that marks what belongs to a stack or cluster"),
            "choose another key",
        );
    }
    let nodes =
        !spec.node_groups.is_empty() || !spec.fargate_profiles.is_empty() || spec.cluster.existing.is_some();
    check.ensure(
        nodes,
        &at("nodeGroups"),
        "there is nothing for pods to run on",
        "add a node group, such as `- name: core`, or Fargate profiles",
    );
    let text = serde_json::to_string(spec).unwrap_or_default();
    check.ensure(
        !holds_mark(&text),
        &crate::problem::Path::root(),
        "a text holds one of the private-use characters U+F0000 and U+F0001",
        "remove it: these two characters mark values that are not known yet",
    );
}
