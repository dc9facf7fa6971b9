//! What Karpenter may do besides launching instances: pass its nodes their role, look around, be told of interruptions.
//! See <https://karpenter.sh/docs/reference/cloudformation/>.

use serde_json::{Value, json};

use super::karpenter_instances::instances;
use super::{allow, allow_anywhere, allow_if, document};
use crate::aws_resources::AwsKind;
use crate::desired::aws::interruption::QUEUE;
use crate::desired::aws::parts::{Parts, mark};
use crate::desired::aws::trust;
use crate::graph::Attribute;

/// The policies, by name.
pub(in super::super) fn karpenter(parts: &Parts<'_>) -> Vec<(String, Value)> {
    [
        ("instances", instances(parts)),
        ("instance-profiles", instance_profiles(parts)),
        ("interruption", interruption()),
        ("look", look(parts)),
    ]
    .map(|(name, policy)| (name.to_owned(), policy))
    .into()
}

/// Karpenter makes an instance profile for each node class, around the one role that it may pass.
fn instance_profiles(parts: &Parts<'_>) -> Value {
    let (names, region) = (parts.names(), parts.spec().region.as_str());
    let profiles =
        format!("arn:{}:iam::{}:instance-profile/*", parts.spec().region.partition(), names.account());
    let tags = |kind: &str| {
        json!({
            format!("aws:{kind}/kubernetes.io/cluster/{}", names.cluster()): "owned",
            format!("aws:{kind}/topology.kubernetes.io/region"): region,
        })
    };
    let class = |kind: &str| json!({ format!("aws:{kind}/karpenter.k8s.aws/ec2nodeclass"): "*" });
    let of = |kind: &str| json!({ "StringEquals": tags(kind), "StringLike": class(kind) });
    let profiles = [profiles];
    let mut retag = of("ResourceTag");
    for (operator, more) in [("StringEquals", tags("RequestTag")), ("StringLike", class("RequestTag"))] {
        if let (Some(all), Value::Object(more)) = (retag[operator].as_object_mut(), more) {
            all.extend(more);
        }
    }
    document(vec![
        allow_if(
            "PassNodeRole",
            &["iam:PassRole"],
            &[mark(AwsKind::Role, "karpenter-node", Attribute::Arn)],
            json!({ "StringEquals": { "iam:PassedToService": trust::ec2(parts) } }),
        ),
        allow_if("CreateProfiles", &["iam:CreateInstanceProfile"], &profiles, of("RequestTag")),
        allow_if("TagProfiles", &["iam:TagInstanceProfile"], &profiles, retag),
        allow_if(
            "ChangeProfiles",
            &[
                "iam:AddRoleToInstanceProfile",
                "iam:DeleteInstanceProfile",
                "iam:RemoveRoleFromInstanceProfile",
            ],
            &profiles,
            of("ResourceTag"),
        ),
        allow("ReadProfiles", &["iam:GetInstanceProfile"], &profiles),
        allow_anywhere("ListProfiles", &["iam:ListInstanceProfiles"]),
    ])
}

fn interruption() -> Value {
    document(vec![allow(
        "Queue",
        &["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        &[mark(AwsKind::Queue, QUEUE, Attribute::Arn)],
    )])
}

fn look(parts: &Parts<'_>) -> Value {
    let region = &parts.spec().region;
    let parameters = format!("arn:{}:ssm:{region}::parameter/aws/service/*", region.partition());
    document(vec![
        // EC2 describes nothing by resource.
        allow_if(
            "DescribeInRegion",
            &[
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribePlacementGroups",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ],
            &["*".to_owned()],
            json!({ "StringEquals": { "aws:RequestedRegion": region } }),
        ),
        allow("Images", &["ssm:GetParameter"], &[parameters]),
        allow_anywhere("Prices", &["pricing:GetProducts"]),
        allow("Cluster", &["eks:DescribeCluster"], &[trust::cluster_arn(parts)]),
    ])
}
