//! What the Cluster Autoscaler may do: change the size of the cluster's own groups.

use serde_json::{Value, json};

use super::{allow, allow_anywhere, allow_if, document};
use crate::desired::aws::parts::Parts;

/// See <https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md>.
pub(in super::super) fn cluster_autoscaler(parts: &Parts<'_>) -> Value {
    let names = parts.names();
    // EKS puts this tag on the Auto Scaling groups of managed node groups.
    let tag = format!("aws:ResourceTag/k8s.io/cluster-autoscaler/{}", names.cluster());
    document(vec![
        // These name no resource.
        allow_anywhere(
            "Look",
            &[
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "autoscaling:DescribeTags",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
            ],
        ),
        allow(
            "NodeGroups",
            &["eks:DescribeNodegroup"],
            &[names.arn("eks", &format!("nodegroup/{}/*", names.cluster()))],
        ),
        allow_if(
            "Scale",
            &[
                "autoscaling:SetDesiredCapacity",
                "autoscaling:TerminateInstanceInAutoScalingGroup",
                "autoscaling:UpdateAutoScalingGroup",
            ],
            &[names.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")],
            json!({ "StringEquals": { tag: "owned" } }),
        ),
    ])
}
