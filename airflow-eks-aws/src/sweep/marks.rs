//! What tells that something is a cluster's: the one place that decides what may be deleted.

use airflow_eks_core::aws_resources::Tags;

use super::{Leftover, LeftoverKind, Search};

/// The keys by which AWS is asked, where a key alone narrows the search.
pub(super) const CSI_CLUSTER: &str = "ebs.csi.aws.com/cluster";
pub(super) const ELBV2_CLUSTER: &str = "elbv2.k8s.aws/cluster";
pub(super) const EKS_CLUSTER: &str = "eks:eks-cluster-name";
pub(super) const EKS_OWN_CLUSTER: &str = "aws:eks:cluster-name";
pub(super) const INSTANCE_ID: &str = "node.k8s.amazonaws.com/instance_id";
pub(super) const KARPENTER_CLUSTER: &str = "karpenter.k8s.aws/cluster";
pub(super) const NODE_CLASS: &str = "karpenter.k8s.aws/ec2nodeclass";
pub(super) const NODE_POOL: &str = "karpenter.sh/nodepool";
const CNI_CLUSTER: &str = "cluster.k8s.amazonaws.com/name";
const CSI_CLUSTER_NAME: &str = "ebs.csi.aws.com/cluster-name";
const IN_TREE_CLUSTER: &str = "KubernetesCluster";
const REGION: &str = "topology.kubernetes.io/region";

/// The key that has the name of the cluster in it. Only the value `owned` says that a thing goes with the cluster: `shared`
/// is on what several use.
pub(super) fn cluster_key(cluster: &str) -> String {
    format!("kubernetes.io/cluster/{cluster}")
}

impl Search<'_> {
    /// The thing as a leftover, if its tags say that it is this cluster's.
    pub(super) fn judge(&self, kind: LeftoverKind, id: Option<&str>, tags: &Tags) -> Option<Leftover> {
        let reason = self.reason(kind, tags)?;
        self.leftover(kind, id, tags, reason)
    }

    /// The thing as a leftover, for a reason, unless it is a resource of the stack itself: that is deleted with the stack.
    pub(super) fn leftover(
        &self,
        kind: LeftoverKind,
        id: Option<&str>,
        tags: &Tags,
        reason: String,
    ) -> Option<Leftover> {
        let of_stack = self.aws.marked(tags).is_some();
        (!of_stack).then_some(Leftover { kind, id: id?.to_owned(), reason: format!("tag {reason}") })
    }

    /// The tag that says that a thing is this cluster's.
    pub(super) fn reason(&self, kind: LeftoverKind, tags: &Tags) -> Option<String> {
        reason(kind, self.cluster, &self.aws.region, tags)
    }
}

fn reason(kind: LeftoverKind, cluster: &str, region: &str, tags: &Tags) -> Option<String> {
    let is = |key: &str, value: &str| {
        (tags.get(key).map(String::as_str) == Some(value)).then(|| format!("{key}={value}"))
    };
    let names = |key: &str| is(key, cluster);
    let has = |key: &str| tags.contains_key(key).then_some(());
    let owned = || is(&cluster_key(cluster), "owned");
    match kind {
        LeftoverKind::LoadBalancer | LeftoverKind::TargetGroup => names(ELBV2_CLUSTER).or_else(owned),
        LeftoverKind::ClassicLoadBalancer => owned(),
        LeftoverKind::Instance => has(NODE_POOL).and_then(|()| owned().or_else(|| names(EKS_CLUSTER))),
        LeftoverKind::LaunchTemplate => {
            names(KARPENTER_CLUSTER).or_else(|| has(NODE_CLASS).and_then(|()| names(EKS_CLUSTER)))
        }
        LeftoverKind::NetworkInterface => names(CNI_CLUSTER).or_else(owned),
        LeftoverKind::SecurityGroup => names(ELBV2_CLUSTER).or_else(|| names(EKS_OWN_CLUSTER)).or_else(owned),
        LeftoverKind::Volume => is(CSI_CLUSTER, "true")
            .and_then(|_| owned().or_else(|| names(IN_TREE_CLUSTER)).or_else(|| names(CSI_CLUSTER_NAME))),
        // IAM knows no Regions: a cluster of the same name may live in another one.
        LeftoverKind::InstanceProfile => is(REGION, region)
            .and_then(|_| has(NODE_CLASS))
            .and_then(|()| owned().or_else(|| names(EKS_CLUSTER))),
        // Known by its name.
        LeftoverKind::LogGroup => None,
    }
}

/// Whether tags say that a network interface is another cluster's.
pub(super) fn names_another(cluster: &str, tags: &Tags) -> bool {
    tags.get(CNI_CLUSTER).is_some_and(|name| name != cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: LeftoverKind, tags: &[(&str, &str)]) -> Option<String> {
        let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        reason(kind, "etl", "eu-central-1", &tags)
    }

    #[test]
    fn another_cluster_of_a_similar_name_is_left_alone() {
        for kind in LeftoverKind::ALL {
            let tags = [
                (NODE_POOL, "general"),
                (NODE_CLASS, "general"),
                (CSI_CLUSTER, "true"),
                (REGION, "eu-central-1"),
                (ELBV2_CLUSTER, "etl-2"),
                (EKS_CLUSTER, "etl-2"),
                (EKS_OWN_CLUSTER, "etl-2"),
                (KARPENTER_CLUSTER, "etl-2"),
                (CNI_CLUSTER, "etl-2"),
                (IN_TREE_CLUSTER, "etl-2"),
                (CSI_CLUSTER_NAME, "etl-2"),
                ("kubernetes.io/cluster/etl-2", "owned"),
            ];
            assert_eq!(found(*kind, &tags), None, "{kind}");
        }
    }

    #[test]
    fn what_clusters_share_is_left_alone() {
        for kind in LeftoverKind::ALL {
            let tags = [
                (NODE_POOL, "general"),
                (NODE_CLASS, "general"),
                (CSI_CLUSTER, "true"),
                (REGION, "eu-central-1"),
                ("kubernetes.io/cluster/etl", "shared"),
            ];
            assert_eq!(found(*kind, &tags), None, "{kind}");
        }
    }

    #[test]
    fn what_names_the_cluster_is_found() {
        let owned = ("kubernetes.io/cluster/etl", "owned");
        assert_eq!(
            found(LeftoverKind::LoadBalancer, &[(ELBV2_CLUSTER, "etl")]).as_deref(),
            Some("elbv2.k8s.aws/cluster=etl")
        );
        assert!(found(LeftoverKind::Instance, &[owned]).is_none(), "a node that is not Karpenter's");
        assert!(found(LeftoverKind::Instance, &[owned, (NODE_POOL, "general")]).is_some());
        assert!(found(LeftoverKind::Volume, &[owned]).is_none(), "a disk that is not the driver's");
        assert!(found(LeftoverKind::Volume, &[owned, (CSI_CLUSTER, "true")]).is_some());
    }

    #[test]
    fn a_profile_in_another_region_is_left_alone() {
        let profile = |region| {
            let tags = [(NODE_CLASS, "general"), (EKS_CLUSTER, "etl"), (REGION, region)];
            found(LeftoverKind::InstanceProfile, &tags)
        };
        assert!(profile("eu-central-1").is_some());
        assert!(profile("us-east-1").is_none());
    }
}
