//! Security groups and their rules: each names who may come in, and on which port.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>.

use std::collections::BTreeSet;

use super::parts::{Parts, mark};
use super::tags;
use crate::aws_resources::{AwsKind, SecurityGroup, SecurityGroupRule, SecurityGroupRules, Tags};
use crate::graph::Attribute;

/// The control plane's, besides the one that EKS makes.
pub(super) const CLUSTER: &str = "cluster";
/// That of nodes, which Karpenter finds by its tag.
pub(super) const NODE: &str = "node";
/// That of the database.
pub(super) const DATABASE: &str = "database";
/// That of the file system.
pub(super) const FILE_SYSTEM: &str = "file-system";
/// Rules of ours in the group that EKS makes.
const FARGATE: &str = "fargate";
/// That of interface endpoints.
pub(super) const ENDPOINTS: &str = "endpoints";

/// Ports that the control plane calls on nodes: the kubelet and Metrics Server, webhooks, metrics of KEDA.
const FROM_CONTROL_PLANE: &[(i32, i32, &str)] = &[
    (4443, 4443, "API server to extension API servers"),
    (6443, 6443, "API server to the metrics of KEDA"),
    (8443, 8443, "API server to webhooks"),
    (9443, 9443, "API server to webhooks"),
    (10250, 10251, "API server to kubelets, webhooks and Metrics Server"),
];

/// Pods of one node talk to those of another: names, and whatever port a process without privileges may open.
const BETWEEN_NODES: &[(&str, i32, i32, &str)] = &[
    ("tcp", 53, 53, "Nodes to CoreDNS"),
    ("udp", 53, 53, "Nodes to CoreDNS"),
    ("tcp", 1025, 65535, "Nodes and pods to each other"),
    ("udp", 1025, 65535, "Nodes and pods to each other"),
];

/// The mark of a group's id.
pub(super) fn id(name: &str) -> String {
    mark(AwsKind::SecurityGroup, name, Attribute::Id)
}

pub(super) fn add(parts: &mut Parts<'_>) {
    let spec = parts.spec();
    let own_cluster = spec.cluster.existing.is_none();
    if own_cluster {
        let from_nodes = parts.has_nodes().then(|| tcp(443, 443, &id(NODE), "Nodes to the API server"));
        group(parts, CLUSTER, "Network interfaces of the control plane", from_nodes, None);
    }
    if parts.has_nodes() {
        node(parts, own_cluster);
    }
    if !spec.fargate_profiles.is_empty() && parts.has_karpenter_nodes() {
        to_fargate(parts);
    }
    if spec.database.existing.is_none() {
        let rules = from_pods(parts, 5432, "Airflow to PostgreSQL");
        group(parts, DATABASE, "The metadata database of Airflow", rules, None);
    }
    if spec.file_system.enabled && spec.file_system.existing.is_none() {
        let rules = from_pods(parts, 2049, "Nodes to the file system, by NFS");
        group(parts, FILE_SYSTEM, "Mount targets of the file system", rules, None);
    }
    if parts.has_own_network() && !spec.network.interface_endpoints.is_empty() {
        let ranges = [&spec.network.vpc_cidr, &spec.network.secondary_cidr];
        let rules = ranges.map(|range| tcp(443, 443, range.as_str(), "The VPC to AWS services"));
        group(parts, ENDPOINTS, "Interface endpoints of AWS services", rules, None);
    }
}

/// It carries no `kubernetes.io/cluster/…` tag: nodes of managed groups have the group that EKS makes as well, which does,
/// and the load balancer controller wants exactly one group with it on a network interface.
/// See <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/security_groups/>.
fn node(parts: &mut Parts<'_>, own_cluster: bool) {
    let control_plane = if own_cluster { id(CLUSTER) } else { parts.of_cluster(Attribute::SecurityGroupId) };
    let mut ingress: BTreeSet<SecurityGroupRule> =
        FROM_CONTROL_PLANE.iter().map(|(from, to, what)| tcp(*from, *to, &control_plane, what)).collect();
    for (protocol, from, to, what) in BETWEEN_NODES {
        ingress.insert(rule(protocol, *from, *to, &id(NODE), what));
        // Pods on Fargate have no group but the one that EKS makes.
        if !parts.spec().fargate_profiles.is_empty() {
            let cluster = parts.of_cluster(Attribute::SecurityGroupId);
            ingress.insert(rule(protocol, *from, *to, &cluster, "Pods on Fargate to nodes"));
        }
    }
    let out = rule("-1", -1, -1, "0.0.0.0/0", "Nodes and pods to anywhere");
    group(parts, NODE, "Nodes", ingress, Some(out));
}

/// Lets nodes of Karpenter reach pods on Fargate, such as those of CoreDNS. Those pods have the group that EKS makes, which
/// lets in only what has it as well; and nodes of Karpenter, unlike those of managed groups, do not.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/fargate.html>.
fn to_fargate(parts: &mut Parts<'_>) {
    let rules = SecurityGroupRules {
        group_id: parts.of_cluster(Attribute::SecurityGroupId),
        ingress: [rule("-1", -1, -1, &id(NODE), "Nodes to pods on Fargate")].into(),
        egress: BTreeSet::new(),
    };
    parts.add(FARGATE, rules);
}

/// From nodes of the stack, and from whatever has the group that EKS makes: other nodes of the cluster, and Fargate.
fn from_pods(parts: &Parts<'_>, port: i32, what: &str) -> Vec<SecurityGroupRule> {
    let nodes = parts.has_nodes().then(|| id(NODE));
    let peers = nodes.into_iter().chain([parts.of_cluster(Attribute::SecurityGroupId)]);
    peers.map(|peer| tcp(port, port, &peer, what)).collect()
}

fn group(
    parts: &mut Parts<'_>,
    name: &str,
    description: &str,
    ingress: impl IntoIterator<Item = SecurityGroupRule>,
    egress: Option<SecurityGroupRule>,
) {
    let discovered = name == NODE && parts.has_karpenter_nodes();
    let more = match discovered {
        true => tags::pairs([("karpenter.sh/discovery", parts.names().node_discovery())]),
        false => Tags::new(),
    };
    let group = SecurityGroup {
        vpc_id: parts.vpc_id(),
        group_name: parts.names().regional(name),
        description: description.to_owned(),
    };
    parts.add_tagged(name, group, more);
    let rules = SecurityGroupRules {
        group_id: id(name),
        ingress: ingress.into_iter().collect(),
        egress: egress.into_iter().collect(),
    };
    parts.add(name, rules);
}

fn tcp(from_port: i32, to_port: i32, peer: &str, description: &str) -> SecurityGroupRule {
    rule("tcp", from_port, to_port, peer, description)
}

fn rule(protocol: &str, from_port: i32, to_port: i32, peer: &str, description: &str) -> SecurityGroupRule {
    SecurityGroupRule {
        ip_protocol: protocol.to_owned(),
        from_port,
        to_port,
        peer: peer.to_owned(),
        description: description.to_owned(),
    }
}
