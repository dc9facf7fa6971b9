//! What EKS says of a node group, in our shape.

use airflow_eks_core::aws_resources::{AwsKind, NodeGroup, Tags, Taint};
use airflow_eks_core::engine::Readiness;
use aws_sdk_eks::types::{self as sdk, NodegroupStatus};

use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{health, physical_id};
use crate::error::{Error, found};
use crate::tags::eks as tags;

/// A node group by the names of its cluster and its own.
pub(super) async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    name: &str,
) -> Result<Option<sdk::Nodegroup>, Error> {
    let send = || aws.eks.describe_nodegroup().cluster_name(cluster).nodegroup_name(name).send();
    let answer = aws.call(Operation::read("eks", "DescribeNodegroup"), resource, send).await;
    Ok(found(answer)?.and_then(|answer| answer.nodegroup))
}

/// The fields of a node group.
pub(super) fn body(group: &sdk::Nodegroup) -> NodeGroup {
    let sizes = group.scaling_config();
    let size = |size: Option<i32>| size.unwrap_or_default();
    let template = group.launch_template();
    NodeGroup {
        cluster_name: text(group.cluster_name()),
        nodegroup_name: text(group.nodegroup_name()),
        version: text(group.version()),
        node_role: text(group.node_role()),
        subnets: group.subnets().iter().cloned().collect(),
        instance_types: group.instance_types().to_vec(),
        ami_type: text(group.ami_type().map(sdk::AmiTypes::as_str)),
        capacity_type: text(group.capacity_type().map(sdk::CapacityTypes::as_str)),
        min_size: size(sizes.and_then(sdk::NodegroupScalingConfig::min_size)),
        max_size: size(sizes.and_then(sdk::NodegroupScalingConfig::max_size)),
        desired_size: size(sizes.and_then(sdk::NodegroupScalingConfig::desired_size)),
        // A number of nodes instead of a share is no share.
        max_unavailable_percentage: size(
            group.update_config().and_then(sdk::NodegroupUpdateConfig::max_unavailable_percentage),
        ),
        labels: group
            .labels()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        taints: group.taints().iter().map(taint).collect(),
        launch_template_id: text(template.and_then(sdk::LaunchTemplateSpecification::id)),
        launch_template_version: text(template.and_then(sdk::LaunchTemplateSpecification::version)),
    }
}

fn taint(taint: &sdk::Taint) -> Taint {
    Taint {
        key: text(taint.key()),
        value: text(taint.value()),
        effect: text(taint.effect().map(sdk::TaintEffect::as_str)),
    }
}

/// Whether its nodes can be used. A degraded group is no failed one: it heals once what is wrong is mended, and its
/// nodes run meanwhile.
pub(super) fn readiness(group: &sdk::Nodegroup) -> Readiness {
    let issues = group.health().map(sdk::NodegroupHealth::issues).unwrap_or_default();
    let told = health::explained(group.status().map_or("unknown", NodegroupStatus::as_str), issues);
    match group.status() {
        Some(NodegroupStatus::Active) => Readiness::Ready,
        Some(NodegroupStatus::CreateFailed | NodegroupStatus::DeleteFailed) if issues.is_empty() => {
            Readiness::Failed(format!("{told}: see the health issues of the node group in the EKS console"))
        }
        Some(NodegroupStatus::CreateFailed | NodegroupStatus::DeleteFailed) => Readiness::Failed(told),
        _ => Readiness::InProgress(told),
    }
}

/// Tags and physical id of every node group of a cluster.
pub(super) async fn tagged(aws: &Aws, cluster: String) -> Result<Vec<(Tags, String)>, Error> {
    let kind = AwsKind::NodeGroup;
    let operation = Operation::read("eks", "ListNodegroups");
    let send = |token| aws.eks.list_nodegroups().cluster_name(&cluster).set_next_token(token).send();
    let names = aws.every_page(operation, kind, send, |page| (page.nodegroups, page.next_token)).await?;
    let mut tagged = Vec::new();
    for name in names {
        let group = describe(aws, kind, &cluster, &name).await?;
        tagged.extend(group.map(|group| (tags::read(group.tags()), physical_id(&cluster, &name))));
    }
    Ok(tagged)
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(status: NodegroupStatus, issue: Option<&str>) -> Readiness {
        let issues = issue.map(|message| {
            let code = sdk::NodegroupIssueCode::NodeCreationFailure;
            vec![sdk::Issue::builder().code(code).message(message).build()]
        });
        let health = sdk::NodegroupHealth::builder().set_issues(issues).build();
        readiness(&sdk::Nodegroup::builder().status(status).health(health).build())
    }

    #[test]
    fn a_failed_group_says_why_and_a_degraded_one_may_heal() {
        let why = "CREATE_FAILED: NodeCreationFailure: no node joined";
        assert_eq!(
            with(NodegroupStatus::CreateFailed, Some("no node joined")),
            Readiness::Failed(why.into())
        );
        assert!(matches!(with(NodegroupStatus::CreateFailed, None), Readiness::Failed(_)));
        let why = "DEGRADED: NodeCreationFailure: no room";
        assert_eq!(with(NodegroupStatus::Degraded, Some("no room")), Readiness::InProgress(why.into()));
        assert_eq!(with(NodegroupStatus::Active, None), Readiness::Ready);
    }
}
