//! What Karpenter may do with instances: launch those that it tags as the cluster's, and end no others.
//! See <https://karpenter.sh/docs/reference/cloudformation/>.

use serde_json::{Value, json};

use super::{allow, allow_if, document};
use crate::desired::aws::parts::Parts;

const POOL: &str = "karpenter.sh/nodepool";

pub(super) fn instances(parts: &Parts<'_>) -> Value {
    let region = &parts.spec().region;
    let cluster = parts.names().cluster();
    let owner = format!("kubernetes.io/cluster/{cluster}");
    // What instances are made from may belong to others: images belong to AWS.
    let any = |kinds: &[&str]| -> Vec<String> {
        let arn = |kind: &&str| format!("arn:{}:ec2:{region}:*:{kind}/*", region.partition());
        kinds.iter().map(arn).collect()
    };
    let launched = any(&[
        "capacity-reservation",
        "fleet",
        "instance",
        "launch-template",
        "network-interface",
        "spot-instances-request",
        "volume",
    ]);
    let launch = ["ec2:CreateFleet", "ec2:RunInstances"];
    let ours = json!({
        "StringEquals": { format!("aws:ResourceTag/{owner}"): "owned" },
        "StringLike": { format!("aws:ResourceTag/{POOL}"): "*" },
    });
    let to_be_ours = |more: Value| {
        let mut condition = json!({
            "StringEquals": {
                format!("aws:RequestTag/{owner}"): "owned",
                "aws:RequestTag/eks:eks-cluster-name": cluster,
            },
            "StringLike": { format!("aws:RequestTag/{POOL}"): "*" },
        });
        if let (Some(all), Value::Object(more)) = (condition["StringEquals"].as_object_mut(), more) {
            all.extend(more);
        }
        condition
    };
    let made_by = json!({ "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"] });
    let mut later = ours.clone();
    later["StringEqualsIfExists"] = json!({ "aws:RequestTag/eks:eks-cluster-name": cluster });
    later["ForAllValues:StringEquals"] =
        json!({ "aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"] });
    document(vec![
        allow(
            "LaunchFrom",
            &launch,
            &any(&[
                "capacity-reservation",
                "image",
                "placement-group",
                "security-group",
                "snapshot",
                "subnet",
            ]),
        ),
        allow_if("LaunchFromTemplates", &launch, &any(&["launch-template"]), ours.clone()),
        allow_if(
            "Launch",
            &["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
            &launched,
            to_be_ours(json!({})),
        ),
        allow_if("TagAtLaunch", &["ec2:CreateTags"], &launched, to_be_ours(made_by)),
        allow_if("TagLater", &["ec2:CreateTags"], &any(&["instance"]), later),
        allow_if(
            "End",
            &["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
            &any(&["instance", "launch-template"]),
            ours,
        ),
    ])
}
