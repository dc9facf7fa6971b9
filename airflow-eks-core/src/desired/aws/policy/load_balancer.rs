//! What the AWS Load Balancer Controller may do: whatever it makes carries its tag, and that tag is what lets it change
//! and delete.
//! See <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/>.

use serde_json::{Value, json};

use super::load_balancer_reads::{DESCRIBE, LOOK_UP};
use super::{allow, allow_anywhere, allow_if, document};
use crate::desired::aws::parts::Parts;

const TAG: &str = "elbv2.k8s.aws/cluster";

/// The policies, by name.
pub(in super::super) fn load_balancer(parts: &Parts<'_>) -> Vec<(String, Value)> {
    let policies =
        [("look", look(parts)), ("load-balancers", balancers(parts)), ("security-groups", groups(parts))];
    policies.map(|(name, policy)| (name.to_owned(), policy)).into()
}

fn look(parts: &Parts<'_>) -> Value {
    let spec = parts.spec();
    let partition = spec.region.partition();
    let linked = format!(
        "arn:{partition}:iam::{}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",
        parts.names().account()
    );
    let balancers = balancer_arns(parts, &["loadbalancer"]);
    let protection = format!("arn:{partition}:shield::{}:protection/*", parts.names().account());
    let acls = parts.names().arn("wafv2", "regional/webacl/*");
    let rules = parts.names().arn("waf-regional", "webacl/*");
    document(vec![
        allow_anywhere("Describe", DESCRIBE),
        allow_anywhere("LookUp", LOOK_UP),
        allow_if(
            "ServiceLinkedRole",
            &["iam:CreateServiceLinkedRole"],
            &[linked],
            json!({ "StringEquals": { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } }),
        ),
        allow(
            "Firewalls",
            &[
                "waf-regional:AssociateWebACL",
                "waf-regional:DisassociateWebACL",
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
            ],
            &[balancers.as_slice(), &[acls, rules]].concat(),
        ),
        allow(
            "Protection",
            &["shield:CreateProtection", "shield:DeleteProtection"],
            &[balancers.as_slice(), &[protection]].concat(),
        ),
    ])
}

fn balancers(parts: &Parts<'_>) -> Value {
    let own = balancer_arns(parts, &["loadbalancer", "targetgroup"]);
    let below = balancer_arns(parts, &["listener", "listener-rule"]);
    let all = balancer_arns(parts, &["loadbalancer", "targetgroup", "listener", "listener-rule"]);
    let tags = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"];
    document(vec![
        allow_if(
            "Create",
            &["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
            &own,
            requested(),
        ),
        allow_if(
            "TagAtCreation",
            &["elasticloadbalancing:AddTags"],
            &own,
            json!({
                "StringEquals": { "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"] },
                "Null": { format!("aws:RequestTag/{TAG}"): "false" },
            }),
        ),
        allow_if("Tag", &tags, &own, kept()),
        // Listeners and rules carry the tag only when they are made with it.
        allow("TagBelow", &tags, &below),
        allow(
            "Listeners",
            &[
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:SetRulePriorities",
                "elasticloadbalancing:SetWebAcl",
            ],
            &all,
        ),
        allow_if(
            "Change",
            &[
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:ModifyCapacityReservation",
                "elasticloadbalancing:ModifyIpPools",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ],
            &own,
            present(),
        ),
        allow(
            "Targets",
            &["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            &balancer_arns(parts, &["targetgroup"]),
        ),
    ])
}

fn groups(parts: &Parts<'_>) -> Value {
    let group = [parts.names().arn("ec2", "security-group/*")];
    // A shared VPC belongs to another account.
    let region = &parts.spec().region;
    let vpc = [format!("arn:{}:ec2:{region}:*:vpc/*", region.partition())];
    document(vec![
        allow("Create", &["ec2:CreateSecurityGroup"], &[group.as_slice(), &vpc].concat()),
        allow_if(
            "TagAtCreation",
            &["ec2:CreateTags"],
            &group,
            json!({
                "StringEquals": { "ec2:CreateAction": "CreateSecurityGroup" },
                "Null": { format!("aws:RequestTag/{TAG}"): "false" },
            }),
        ),
        allow_if("Tag", &["ec2:CreateTags", "ec2:DeleteTags"], &group, kept()),
        // It opens the groups of nodes to its load balancers, and those are not its own.
        allow("Rules", &["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], &group),
        allow_if("Delete", &["ec2:DeleteSecurityGroup"], &group, present()),
    ])
}

/// What is made carries the tag.
fn requested() -> Value {
    json!({ "Null": { format!("aws:RequestTag/{TAG}"): "false" } })
}

/// What is changed carries the tag.
fn present() -> Value {
    json!({ "Null": { format!("aws:ResourceTag/{TAG}"): "false" } })
}

/// What is tagged carries the tag, which stays as it is.
fn kept() -> Value {
    json!({ "Null": { format!("aws:RequestTag/{TAG}"): "true", format!("aws:ResourceTag/{TAG}"): "false" } })
}

/// Those of application and network load balancers, but for target groups, which are both's.
fn balancer_arns(parts: &Parts<'_>, kinds: &[&str]) -> Vec<String> {
    let paths = kinds.iter().flat_map(|kind| match *kind {
        "targetgroup" => vec!["targetgroup/*".to_owned()],
        kind => vec![format!("{kind}/app/*"), format!("{kind}/net/*")],
    });
    paths.map(|path| parts.names().arn("elasticloadbalancing", &path)).collect()
}
