//! Changing a node group.
//!
//! Settings go by <https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupConfig.html>; what makes nodes
//! anew goes by <https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateNodegroupVersion.html>.

use std::time::Duration;

use airflow_eks_core::aws_resources::{NodeGroup, Taint};
use aws_sdk_eks::types as sdk;

use super::read::{self, describe};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::request_token;
use crate::eks::updates::{self, Updated};
use crate::error::Error;
use crate::resource::{Changes, Wanted};
use crate::tags::eks as tags;

const CONFIG: Duration = Duration::from_mins(15);
/// Every node is replaced, and each may take a quarter of an hour to be drained.
const VERSION: Duration = Duration::from_hours(4);

pub(super) async fn run(aws: &Aws, wanted: Wanted<'_, NodeGroup>, changes: Changes<'_>) -> Result<(), Error> {
    let body = wanted.body;
    let there =
        describe(aws, wanted.id, &body.cluster_name, &body.nodegroup_name).await?.ok_or_else(|| {
            Error::other(
                wanted.id,
                "eks:DescribeNodegroup",
                "the node group is gone: run again to make it anew",
            )
        })?;
    if changes.touch_any(&["minSize", "maxSize", "labels", "taints", "maxUnavailablePercentage"]) {
        configure(aws, wanted, &read::body(&there), changes).await?;
    }
    if changes.touch_any(&["version", "launchTemplateVersion"]) {
        renew(aws, wanted, changes).await?;
    }
    if changes.touch("tags") {
        tags::put(aws, wanted.id, wanted.tags, there.nodegroup_arn().unwrap_or_default()).await?;
    }
    Ok(())
}

async fn configure(
    aws: &Aws,
    wanted: Wanted<'_, NodeGroup>,
    there: &NodeGroup,
    changes: Changes<'_>,
) -> Result<(), Error> {
    let body = wanted.body;
    let labels = changes.touch("labels").then(|| labels(there, body));
    let taints = changes.touch("taints").then(|| taints(there, body));
    let sizes = changes.touch_any(&["minSize", "maxSize"]).then(|| sizes(there, body));
    let careful = changes.touch("maxUnavailablePercentage").then(|| careful(body));
    let request = aws
        .eks
        .update_nodegroup_config()
        .cluster_name(&body.cluster_name)
        .nodegroup_name(&body.nodegroup_name)
        .set_labels(labels)
        .set_taints(taints)
        .set_scaling_config(sizes)
        .set_update_config(careful)
        .client_request_token(request_token());
    let operation = Operation::repeatable("eks", "UpdateNodegroupConfig");
    let answer = aws.call(operation, wanted.id, || request.clone().send()).await?;
    let updated = Updated::nodegroup(&body.cluster_name, &body.nodegroup_name);
    updates::done(aws, wanted.id, operation, updated, answer.update(), CONFIG).await
}

/// Makes the nodes anew, a share at a time.
async fn renew(aws: &Aws, wanted: Wanted<'_, NodeGroup>, changes: Changes<'_>) -> Result<(), Error> {
    let body = wanted.body;
    let template = changes.touch("launchTemplateVersion").then(|| {
        sdk::LaunchTemplateSpecification::builder()
            .id(&body.launch_template_id)
            .version(&body.launch_template_version)
            .build()
    });
    let request = aws
        .eks
        .update_nodegroup_version()
        .cluster_name(&body.cluster_name)
        .nodegroup_name(&body.nodegroup_name)
        .set_version(changes.touch("version").then(|| body.version.clone()))
        .set_launch_template(template)
        .client_request_token(request_token());
    let operation = Operation::repeatable("eks", "UpdateNodegroupVersion");
    let answer = aws.call(operation, wanted.id, || request.clone().send()).await?;
    let updated = Updated::nodegroup(&body.cluster_name, &body.nodegroup_name);
    updates::done(aws, wanted.id, operation, updated, answer.update(), VERSION).await
}

/// How much may be missing during an update.
pub(super) fn careful(body: &NodeGroup) -> sdk::NodegroupUpdateConfig {
    sdk::NodegroupUpdateConfig::builder().max_unavailable_percentage(body.max_unavailable_percentage).build()
}

/// The bounds. How many nodes there are is the autoscaler's to say, within them: EKS refuses bounds that the present
/// number is not in.
fn sizes(there: &NodeGroup, body: &NodeGroup) -> sdk::NodegroupScalingConfig {
    let within = there.desired_size.min(body.max_size).max(body.min_size);
    sdk::NodegroupScalingConfig::builder()
        .min_size(body.min_size)
        .max_size(body.max_size)
        .set_desired_size((within != there.desired_size).then_some(within))
        .build()
}

fn labels(there: &NodeGroup, body: &NodeGroup) -> sdk::UpdateLabelsPayload {
    let new = body.labels.iter().filter(|(key, value)| there.labels.get(*key) != Some(*value));
    let gone = there.labels.keys().filter(|key| !body.labels.contains_key(*key));
    let new = new.map(|(key, value)| (key.clone(), value.clone())).collect();
    sdk::UpdateLabelsPayload::builder()
        .set_add_or_update_labels(Some(new))
        .set_remove_labels(Some(gone.cloned().collect()))
        .build()
}

/// A taint is known by key and effect: one with another value takes the place of the old one.
fn taints(there: &NodeGroup, body: &NodeGroup) -> sdk::UpdateTaintsPayload {
    let same = |one: &Taint, other: &Taint| one.key == other.key && one.effect == other.effect;
    let gone = there.taints.iter().filter(|old| !body.taints.iter().any(|new| same(old, new)));
    sdk::UpdateTaintsPayload::builder()
        .set_add_or_update_taints(Some(body.taints.difference(&there.taints).map(taint).collect()))
        .set_remove_taints(Some(gone.map(taint).collect()))
        .build()
}

/// A taint as EKS has it: without a value rather than with an empty one.
pub(super) fn taint(taint: &Taint) -> sdk::Taint {
    sdk::Taint::builder()
        .key(&taint.key)
        .set_value((!taint.value.is_empty()).then(|| taint.value.clone()))
        .effect(taint.effect.as_str().into())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(min: i32, max: i32, desired: i32, taints: &[(&str, &str, &str)]) -> NodeGroup {
        let mut group = read::body(&sdk::Nodegroup::builder().build());
        (group.min_size, group.max_size, group.desired_size) = (min, max, desired);
        group.taints = taints
            .iter()
            .map(|(key, value, effect)| Taint {
                key: (*key).into(),
                value: (*value).into(),
                effect: (*effect).into(),
            })
            .collect();
        group
    }

    #[test]
    fn the_number_of_nodes_changes_only_where_it_has_to() {
        let desired =
            |there, min, max| sizes(&group(1, 9, there, &[]), &group(min, max, 2, &[])).desired_size();
        assert_eq!(desired(5, 1, 8), None);
        assert_eq!(desired(5, 6, 8), Some(6));
        assert_eq!(desired(5, 1, 4), Some(4));
    }

    #[test]
    fn a_taint_with_another_value_is_no_other_taint() {
        let there = group(1, 1, 1, &[("a", "1", "NO_SCHEDULE"), ("b", "", "NO_EXECUTE")]);
        let payload = taints(&there, &group(1, 1, 1, &[("a", "2", "NO_SCHEDULE")]));
        assert_eq!(payload.add_or_update_taints()[0].value(), Some("2"));
        assert_eq!(payload.remove_taints().len(), 1);
        assert_eq!(payload.remove_taints()[0].key(), Some("b"));
    }

    #[test]
    fn labels_that_are_not_wanted_any_more_are_taken_off() {
        let (mut there, mut wanted) = (group(1, 1, 1, &[]), group(1, 1, 1, &[]));
        there.labels = [("a".into(), "1".into()), ("b".into(), "1".into()), ("c".into(), "1".into())].into();
        wanted.labels = [("a".into(), "1".into()), ("b".into(), "2".into())].into();
        let payload = labels(&there, &wanted);
        assert_eq!(payload.remove_labels(), ["c"]);
        assert_eq!(payload.add_or_update_labels().unwrap().keys().collect::<Vec<_>>(), ["b"]);
    }
}
