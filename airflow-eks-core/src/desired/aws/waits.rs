//! What Kubernetes objects wait for on the AWS side: the cluster, and what their pods use without naming it. Deleting goes
//! backwards, so that whatever lets go of a volume, a node or a table is still there to do it.

use crate::aws_resources::AwsKind;
use crate::graph::{AwsId, Body};

use super::parts::Parts;

/// What pods use without naming it: nodes with all that makes them work, and their rights.
const OF_PODS: &[AwsKind] = &[
    AwsKind::Addon,
    AwsKind::FargateProfile,
    AwsKind::MountTarget,
    AwsKind::NodeGroup,
    AwsKind::PodIdentityAssociation,
    AwsKind::Role,
    AwsKind::RouteTable,
    AwsKind::SecurityGroupRules,
    AwsKind::VpcEndpoint,
];

/// What makes volumes, and what they lie on.
const OF_CLAIMS: &[AwsKind] = &[AwsKind::Addon, AwsKind::MountTarget, AwsKind::NodeGroup];

/// What the nodes of Karpenter are made with.
const OF_NODES: &[AwsKind] = &[
    AwsKind::AccessEntry,
    AwsKind::Addon,
    AwsKind::EventRule,
    AwsKind::Role,
    AwsKind::RouteTable,
    AwsKind::SecurityGroupRules,
    AwsKind::ServiceLinkedRole,
    AwsKind::VpcEndpoint,
];

/// What reads secrets needs its role.
const OF_SECRETS: &[AwsKind] = &[AwsKind::PodIdentityAssociation, AwsKind::Role];

pub(super) fn add(parts: &mut Parts<'_>, kubernetes: &[Body]) {
    let cluster = parts.cluster();
    for body in kubernetes {
        let id = body.id();
        let kinds = match id.kind().as_str() {
            "DaemonSet" | "Deployment" | "Job" | "HelmRelease" | "SparkApplication" | "StatefulSet" => {
                OF_PODS
            }
            "PersistentVolumeClaim" => OF_CLAIMS,
            "EC2NodeClass" | "NodePool" => OF_NODES,
            "ExternalSecret" | "SecretStore" => OF_SECRETS,
            _ => &[],
        };
        parts.kubernetes_waits(body.id(), &cluster);
        let earlier: Vec<AwsId> = kinds.iter().flat_map(|kind| parts.ids(*kind)).cloned().collect();
        earlier.iter().for_each(|earlier| parts.kubernetes_waits(body.id(), earlier));
    }
}
