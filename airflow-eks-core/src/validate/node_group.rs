//! Managed node groups.

use super::{Check, at, is_arm, no_repetition};
use crate::problem::Path;
use crate::spec::NodeGroup;

pub(super) fn check(check: &mut Check<'_>) {
    let groups = &check.spec.node_groups;
    let path = at("nodeGroups");
    no_repetition(check, &path, Some("name"), groups.iter().map(|group| group.name.as_str()));
    check.ensure(
        groups.len() <= 30,
        &path,
        format!("{} node groups are too many", groups.len()),
        "EKS allows 30 in a cluster; let Karpenter make the rest of the nodes",
    );
    for (position, group) in groups.iter().enumerate() {
        one(check, &path.index(position), group);
    }
}

fn one(check: &mut Check<'_>, path: &Path, group: &NodeGroup) {
    check.ensure_reading(
        &[path.key("minSize")],
        group.min_size <= group.desired_size,
        &path.key("desiredSize"),
        format!("{} is less than minSize, which is {}", group.desired_size, group.min_size),
        "raise desiredSize, or lower minSize",
    );
    check.ensure_reading(
        &[path.key("maxSize")],
        group.desired_size <= group.max_size,
        &path.key("desiredSize"),
        format!("{} is more than maxSize, which is {}", group.desired_size, group.max_size),
        "lower desiredSize, or raise maxSize",
    );
    check.ensure(
        (1..=450).contains(&group.max_size),
        &path.key("maxSize"),
        format!("{} is not a number of nodes that a group can have", group.max_size),
        "write a number from 1 to 450",
    );
    check.ensure(
        (20..=16_384).contains(&group.disk_size_gib),
        &path.key("diskSizeGib"),
        format!("{} GiB is not a size that a root volume can have", group.disk_size_gib),
        "write a number from 20, which the system and its images need, to 16384",
    );
    check.ensure(
        (1..=100).contains(&group.max_unavailable_percentage),
        &path.key("maxUnavailablePercentage"),
        format!("{} is not a share in percent", group.max_unavailable_percentage),
        "write a number from 1 to 100",
    );
    no_repetition(check, &path.key("instanceTypes"), None, &group.instance_types);
    check.ensure(
        group.instance_types.len() <= 20,
        &path.key("instanceTypes"),
        format!("{} instance types are too many", group.instance_types.len()),
        "EKS allows 20 in a group",
    );
    let arms = group.instance_types.iter().filter(|instance_type| is_arm(instance_type.as_str())).count();
    check.ensure(
        arms == 0 || arms == group.instance_types.len(),
        &path.key("instanceTypes"),
        "Graviton and other instances are mixed: one machine image cannot start both",
        "make two groups, one for each architecture",
    );
    let taints = group.taints.iter().map(|taint| format!("{}:{}", taint.key, taint.effect.as_str()));
    no_repetition(check, &path.key("taints"), None, taints.collect::<Vec<_>>());
}
