//! Access entries: who may use the cluster.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html>.

use std::collections::BTreeMap;

use super::parts::{Parts, mark};
use crate::aws_resources::{AccessEntry, AccessScope, AwsKind};
use crate::graph::Attribute;
use crate::spec::AccessPolicy;

pub(super) fn add(parts: &mut Parts<'_>) {
    let cluster_name = parts.names().cluster().to_owned();
    let mut entries: Vec<(String, AccessEntry)> = Vec::new();
    if parts.has_karpenter_nodes() {
        // EKS itself makes those of managed node groups.
        let entry = AccessEntry {
            cluster_name: cluster_name.clone(),
            principal_arn: mark(AwsKind::Role, "karpenter-node", Attribute::Arn),
            entry_type: "EC2_LINUX".to_owned(),
            access_policies: BTreeMap::new(),
        };
        entries.push(("karpenter-node".to_owned(), entry));
    }
    for said in &parts.spec().cluster.access_entries {
        let namespaces = said.namespaces.iter().map(ToString::to_string).collect();
        let policy = format!("cluster-access-policy/{}", policy(said.policy));
        let policy = format!("arn:{}:eks::aws:{policy}", parts.spec().region.partition());
        let entry = AccessEntry {
            cluster_name: cluster_name.clone(),
            principal_arn: said.principal_arn.to_string(),
            entry_type: "STANDARD".to_owned(),
            access_policies: [(policy, AccessScope { namespaces })].into(),
        };
        entries.push((said.principal_arn.to_string(), entry));
    }
    let cluster = parts.cluster();
    for (name, entry) in entries {
        let id = parts.add(name, entry);
        parts.wait(&id, &cluster);
    }
}

fn policy(policy: AccessPolicy) -> &'static str {
    match policy {
        AccessPolicy::ClusterAdmin => "AmazonEKSClusterAdminPolicy",
        AccessPolicy::Admin => "AmazonEKSAdminPolicy",
        AccessPolicy::Edit => "AmazonEKSEditPolicy",
        AccessPolicy::View => "AmazonEKSViewPolicy",
    }
}
