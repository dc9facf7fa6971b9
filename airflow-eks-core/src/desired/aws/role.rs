//! IAM roles: the one place that makes them, so that each has the stack's boundary.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parts::Parts;
use crate::aws_resources::Role;
use crate::graph::AwsId;

/// What a role is for, who takes it on, and what it may do.
pub(super) struct Wanted<'a> {
    pub(super) purpose: &'a str,
    pub(super) description: &'a str,
    pub(super) trust: Value,
    /// Names of managed policies, or ARNs of those of the user.
    pub(super) managed: Vec<String>,
    pub(super) inline: BTreeMap<String, Value>,
}

pub(super) fn add(parts: &mut Parts<'_>, wanted: Wanted<'_>) -> AwsId {
    let names = parts.names();
    let arn = |policy: String| match policy.starts_with("arn:") {
        true => policy,
        false => names.managed_policy(&policy),
    };
    let role = Role {
        role_name: names.role(wanted.purpose),
        description: wanted.description.to_owned(),
        assume_role_policy_document: wanted.trust,
        managed_policy_arns: wanted.managed.into_iter().map(arn).collect(),
        inline_policies: wanted.inline,
        permissions_boundary: parts.spec().identities.permissions_boundary.as_ref().map(ToString::to_string),
    };
    parts.add(wanted.purpose, role)
}
