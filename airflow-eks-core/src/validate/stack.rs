//! The stack as a whole.

use serde_json::Value;

use super::{Check, at};
use crate::graph::holds_mark;
use crate::problem::Path;

/// Tags that a stack, its cluster or Karpenter put on what is theirs. Karpenter refuses them from anybody else.
/// See <https://karpenter.sh/docs/concepts/nodeclasses/#spectags>.
const RESERVED_TAGS: &[&str] =
    &["airflow-eks/", "eks:", "karpenter.k8s.aws/", "karpenter.sh/", "kubernetes.io/"];

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
            !RESERVED_TAGS.iter().any(|reserved| key.as_str().starts_with(reserved)),
            &at("tags").key(key.as_str()),
            format!("the tag `{key}` is one that marks what belongs to a stack or cluster"),
            "choose another key",
        );
    }
    let fargate = !spec.fargate_profiles.is_empty() || check.is_unread(&at("fargateProfiles"));
    let nodes = check.has_node_groups() || fargate || check.cluster_exists();
    check.ensure(
        nodes,
        &at("nodeGroups"),
        "there is nothing for pods to run on",
        "add a node group, such as `- name: core`, or fargateProfiles",
    );
    marks(check, &Path::root(), &serde_json::to_value(spec).unwrap_or_default());
}

/// Looks for the characters that mark late values, in every text of the stack.
fn marks(check: &mut Check<'_>, path: &Path, value: &Value) {
    let holds = match value {
        Value::String(text) => holds_mark(text),
        Value::Object(entries) => entries.keys().any(|key| holds_mark(key)),
        _ => false,
    };
    check.ensure(
        !holds,
        path,
        "holds one of the private-use characters U+F0000 and U+F0001",
        "remove it: these two characters mark values that are not known yet",
    );
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| marks(check, &path.index(index), item));
        }
        Value::Object(entries) => {
            entries.iter().for_each(|(key, value)| marks(check, &path.key(key), value));
        }
        _ => {}
    }
}
