//! Who may take a role on.

use serde_json::{Value, json};

use super::oidc_provider::AUDIENCE;
use super::parts::{Parts, mark};
use super::policy::{document, one_or_many};
use crate::aws_resources::AwsKind;
use crate::graph::Attribute;
use crate::spec::PodIdentity;

/// An AWS service, for this account alone where `source` says for which resources.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>.
pub(super) fn service(parts: &Parts<'_>, service: &str, source: Option<String>) -> Value {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sts:AssumeRole",
    });
    if let Some(source) = source {
        statement["Condition"] = json!({
            "StringEquals": { "aws:SourceAccount": parts.names().account() },
            "ArnLike": { "aws:SourceArn": source },
        });
    }
    document(vec![statement])
}

/// EC2 instances. In China, EC2 goes by another name.
/// See <https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html>.
pub(super) fn ec2(parts: &Parts<'_>) -> &'static str {
    match parts.spec().region.partition() {
        "aws-cn" => "ec2.amazonaws.com.cn",
        _ => "ec2.amazonaws.com",
    }
}

/// Pods with one of these service accounts in one of these namespaces.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>
/// and <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>.
pub(super) fn pods(parts: &Parts<'_>, namespaces: &[String], accounts: &[String]) -> Value {
    let statement = match parts.spec().identities.provider {
        PodIdentity::Irsa => {
            let issuer = parts.of_cluster(Attribute::OidcIssuer);
            let subjects: Vec<String> = namespaces
                .iter()
                .flat_map(|namespace| accounts.iter().map(move |account| (namespace, account)))
                .map(|(namespace, account)| format!("system:serviceaccount:{namespace}:{account}"))
                .collect();
            json!({
                "Effect": "Allow",
                "Principal": { "Federated": mark(AwsKind::OidcProvider, "cluster", Attribute::Arn) },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": { "StringEquals": {
                    format!("{issuer}:aud"): AUDIENCE,
                    format!("{issuer}:sub"): one_or_many(&subjects),
                } },
            })
        }
        PodIdentity::PodIdentity => json!({
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": { "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": cluster_arn(parts),
                "aws:RequestTag/kubernetes-namespace": one_or_many(namespaces),
                "aws:RequestTag/kubernetes-service-account": one_or_many(accounts),
            } },
        }),
    };
    document(vec![statement])
}

/// The ARN of the cluster, which is known before it is made: what the cluster itself needs may name it.
pub(super) fn cluster_arn(parts: &Parts<'_>) -> String {
    parts.names().arn("eks", &format!("cluster/{}", parts.names().cluster()))
}
