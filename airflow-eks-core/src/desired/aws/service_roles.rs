//! Roles that AWS services and nodes take on.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::kms_key::SECRETS;
use super::parts::{Parts, mark};
use super::policy::{allow, document};
use super::role::{self, Wanted};
use super::trust;
use crate::aws_resources::AwsKind;
use crate::graph::Attribute;
use crate::spec::AddonKind;

pub(super) fn add(parts: &mut Parts<'_>) {
    let spec = parts.spec();
    if spec.cluster.existing.is_none() {
        cluster(parts);
    }
    if !spec.node_groups.is_empty() {
        node(parts, "node", "Nodes of managed node groups");
    }
    if parts.has_karpenter_nodes() {
        node(parts, "karpenter-node", "Nodes that Karpenter launches");
    }
    if !spec.fargate_profiles.is_empty() {
        fargate(parts);
    }
    if spec.database.existing.is_none() {
        database_monitoring(parts);
    }
}

/// See <https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html>.
fn cluster(parts: &mut Parts<'_>) {
    let names = parts.names();
    let mut inline = BTreeMap::new();
    // The stack makes the log group. Without this, EKS would make it again after it is deleted.
    let logs = names.arn("logs", &format!("log-group:{}*", names.control_plane_logs()));
    let no_groups: Value = json!({
        "Sid": "NoLogGroups", "Effect": "Deny", "Action": "logs:CreateLogGroup", "Resource": logs,
    });
    inline.insert("no-log-groups".to_owned(), document(vec![no_groups]));
    if parts.spec().cluster.secrets_encryption {
        let key = mark(AwsKind::KmsKey, SECRETS, Attribute::Arn);
        let actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"];
        inline.insert("secrets".to_owned(), document(vec![allow("Secrets", &actions, &[key])]));
    }
    let trust = trust::service(parts, "eks.amazonaws.com", None);
    let description = "The control plane of the cluster";
    let managed = vec!["AmazonEKSClusterPolicy".to_owned()];
    role::add(parts, Wanted { purpose: "cluster", description, trust, managed, inline });
}

/// See <https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html>.
fn node(parts: &mut Parts<'_>, purpose: &str, description: &str) {
    let mut managed = vec![
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    ];
    if !parts.has_addon(AddonKind::VpcCni) {
        // In an existing cluster, the CNI may have no role of its own.
        managed.push("AmazonEKS_CNI_Policy");
    }
    let managed = managed.into_iter().map(str::to_owned).collect();
    let trust = trust::service(parts, trust::ec2(parts), None);
    role::add(parts, Wanted { purpose, description, trust, managed, inline: BTreeMap::new() });
}

/// See <https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html>.
fn fargate(parts: &mut Parts<'_>) {
    let names = parts.names();
    let profiles = names.arn("eks", &format!("fargateprofile/{}/*", names.cluster()));
    let trust = trust::service(parts, "eks-fargate-pods.amazonaws.com", Some(profiles));
    let wanted = Wanted {
        purpose: "fargate-pod-execution",
        description: "What starts pods on Fargate",
        trust,
        managed: vec!["AmazonEKSFargatePodExecutionRolePolicy".to_owned()],
        inline: BTreeMap::new(),
    };
    role::add(parts, wanted);
}

/// See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html>.
fn database_monitoring(parts: &mut Parts<'_>) {
    let names = parts.names();
    let database = names.arn("rds", &format!("db:{}", names.database()));
    let trust = trust::service(parts, "monitoring.rds.amazonaws.com", Some(database));
    let wanted = Wanted {
        purpose: "rds-monitoring",
        description: "Enhanced monitoring of the metadata database",
        trust,
        managed: vec!["service-role/AmazonRDSEnhancedMonitoringRole".to_owned()],
        inline: BTreeMap::new(),
    };
    role::add(parts, wanted);
}
