//! What controllers in a cluster have made in AWS and leave behind when the cluster goes: found by the tags that they are
//! documented to write, and deleted.
//!
//! Nothing is touched that does not name this very cluster, and nothing that is a resource of the stack itself.

mod compute;
mod load_balancers;
mod log_groups;
mod marks;
mod network;
mod volumes;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use airflow_eks_core::engine::Failure;

use crate::clients::Aws;
use crate::error::Error;
use crate::wait;

/// How long something may take to be gone after AWS has agreed to delete it.
const DELETION: Duration = Duration::from_mins(15);

/// Something that a controller has left behind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Leftover {
    /// What it is.
    pub kind: LeftoverKind,
    /// Its id, name or ARN, as its kind is known by.
    pub id: String,
    /// What says that it is this cluster's: the tag that it was found by, or its name.
    pub reason: String,
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident = $name:literal, $found_by:literal, [$($source:literal),+]; )+) => {
        /// What controllers leave behind, in the order of deleting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum LeftoverKind { $( $(#[$doc])* $kind, )+ }

        impl LeftoverKind {
            /// All of them, in the order of deleting: everything that [`Aws::leftovers`] searches for.
            pub const ALL: &[Self] = &[$( Self::$kind, )+];

            /// Its name, in the plural.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$kind => $name, )+ }
            }

            /// What tells that one of this kind is the cluster's. `<cluster>` stands for its name.
            #[must_use]
            pub fn found_by(self) -> &'static str {
                match self { $( Self::$kind => $found_by, )+ }
            }

            /// Where that is documented.
            #[must_use]
            pub fn sources(self) -> &'static [&'static str] {
                match self { $( Self::$kind => &[$( $source ),+], )+ }
            }
        }
    };
}

kinds! {
    /// An Application or Network Load Balancer.
    LoadBalancer = "load balancers",
        "the tag elbv2.k8s.aws/cluster=<cluster> or kubernetes.io/cluster/<cluster>=owned",
        ["https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags",
         "https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go"];
    /// A Classic Load Balancer.
    ClassicLoadBalancer = "Classic Load Balancers",
        "the tag kubernetes.io/cluster/<cluster>=owned",
        ["https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go"];
    /// A target group.
    TargetGroup = "target groups",
        "the tag elbv2.k8s.aws/cluster=<cluster> or kubernetes.io/cluster/<cluster>=owned",
        ["https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags",
         "https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go"];
    /// An EC2 instance of Karpenter.
    Instance = "EC2 instances of Karpenter",
        "the tag karpenter.sh/nodepool, with kubernetes.io/cluster/<cluster>=owned or eks:eks-cluster-name=<cluster>",
        ["https://karpenter.sh/docs/concepts/nodeclasses/#spectags"];
    /// A launch template of Karpenter.
    LaunchTemplate = "launch templates of Karpenter",
        "the tag karpenter.k8s.aws/cluster=<cluster>, or karpenter.k8s.aws/ec2nodeclass with eks:eks-cluster-name=<cluster>",
        ["https://karpenter.sh/docs/upgrading/upgrade-guide/",
         "https://karpenter.sh/docs/reference/cloudformation/"];
    /// A network interface that nothing uses.
    NetworkInterface = "network interfaces",
        "status available, and the tag cluster.k8s.amazonaws.com/name=<cluster> or kubernetes.io/cluster/<cluster>=owned, \
         or the description Amazon EKS <cluster>, \
         or the tag node.k8s.amazonaws.com/instance_id with a security group of the cluster or of the stack",
        ["https://github.com/aws/amazon-vpc-cni-k8s#eni-tags-related-to-allocation",
         "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html"];
    /// A security group.
    SecurityGroup = "security groups",
        "the tag elbv2.k8s.aws/cluster=<cluster>, aws:eks:cluster-name=<cluster> or kubernetes.io/cluster/<cluster>=owned",
        ["https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags",
         "https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
         "https://github.com/kubernetes/cloud-provider-aws/blob/master/pkg/providers/v1/tags.go"];
    /// An EBS volume that nothing uses.
    Volume = "EBS volumes",
        "status available, and the tag ebs.csi.aws.com/cluster=true, with kubernetes.io/cluster/<cluster>=owned, \
         KubernetesCluster=<cluster> or ebs.csi.aws.com/cluster-name=<cluster>",
        ["https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md",
         "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverEKSClusterScopedPolicy.html"];
    /// A CloudWatch Logs group.
    LogGroup = "log groups",
        "a name that begins with /aws/containerinsights/<cluster>/ or /aws/eks/<cluster>/",
        ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference.html",
         "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"];
    /// An instance profile of Karpenter.
    InstanceProfile = "instance profiles of Karpenter",
        "the tag karpenter.k8s.aws/ec2nodeclass, with kubernetes.io/cluster/<cluster>=owned or \
         eks:eks-cluster-name=<cluster>, and topology.kubernetes.io/region of the Region",
        ["https://karpenter.sh/docs/reference/cloudformation/"];
}

impl fmt::Display for LeftoverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The cluster that is searched for.
#[derive(Debug, Clone, Copy)]
struct Search<'a> {
    aws: &'a Aws,
    cluster: &'a str,
    vpc_id: Option<&'a str>,
}

impl Search<'_> {
    /// What messages name where no single resource is meant.
    fn subject(&self) -> String {
        format!("what the cluster `{}` left behind", self.cluster)
    }
}

impl Aws {
    /// Everything that the controllers of a cluster have left behind, in the order of deleting. Meant for a cluster that is
    /// gone: what serves a living one would be found as well.
    ///
    /// Every kind of [`LeftoverKind::ALL`] is searched, or none: an empty answer is a proof. `vpc_id` is the VPC of the
    /// stack, if it has one of its own.
    ///
    /// # Errors
    /// Something could not be searched.
    pub async fn leftovers(
        &self,
        cluster_name: &str,
        vpc_id: Option<&str>,
    ) -> Result<Vec<Leftover>, Failure> {
        // An empty name would begin the names of all log groups.
        if cluster_name.is_empty() {
            return Ok(Vec::new());
        }
        let search = Search { aws: self, cluster: cluster_name, vpc_id };
        let mut found = Vec::new();
        for kind in LeftoverKind::ALL {
            found.extend(search.of(*kind).await.map_err(|error| error.failure)?);
        }
        found.sort();
        Ok(found)
    }

    /// Deletes something that was left behind, and waits until it is gone. Nothing to delete is no error.
    ///
    /// # Errors
    /// It could not be deleted, or was not gone in time.
    pub async fn delete_leftover(&self, leftover: &Leftover) -> Result<(), Failure> {
        let id = leftover.id.as_str();
        let done = match leftover.kind {
            LeftoverKind::LoadBalancer => load_balancers::delete(self, id).await,
            LeftoverKind::ClassicLoadBalancer => load_balancers::delete_classic(self, id).await,
            LeftoverKind::TargetGroup => load_balancers::delete_target_group(self, id).await,
            LeftoverKind::Instance => compute::terminate(self, id).await,
            LeftoverKind::LaunchTemplate => compute::delete_launch_template(self, id).await,
            LeftoverKind::NetworkInterface => network::delete_interface(self, id).await,
            LeftoverKind::SecurityGroup => network::delete_group(self, id).await,
            LeftoverKind::Volume => volumes::delete(self, id).await,
            LeftoverKind::LogGroup => log_groups::delete(self, id).await,
            LeftoverKind::InstanceProfile => compute::delete_instance_profile(self, id).await,
        };
        done.map_err(|error| error.failure)
    }
}

impl Search<'_> {
    async fn of(self, kind: LeftoverKind) -> Result<Vec<Leftover>, Error> {
        match kind {
            LeftoverKind::LoadBalancer => self.load_balancers().await,
            LeftoverKind::ClassicLoadBalancer => self.classic_load_balancers().await,
            LeftoverKind::TargetGroup => self.target_groups().await,
            LeftoverKind::Instance => self.instances().await,
            LeftoverKind::LaunchTemplate => self.launch_templates().await,
            LeftoverKind::NetworkInterface => self.network_interfaces().await,
            LeftoverKind::SecurityGroup => self.security_groups().await,
            LeftoverKind::Volume => self.volumes().await,
            LeftoverKind::LogGroup => self.log_groups().await,
            LeftoverKind::InstanceProfile => self.instance_profiles().await,
        }
    }
}

/// Looks until something is gone.
async fn until_gone<F>(
    id: &str,
    operation: &str,
    what: &str,
    is_gone: impl Fn() -> F + Send + Sync,
) -> Result<(), Error>
where
    F: Future<Output = Result<bool, Error>> + Send,
{
    let gone = wait::until(DELETION, || async { Ok::<_, Error>(is_gone().await?.then_some(())) });
    match gone.await? {
        Some(()) => Ok(()),
        None => Err(Error::other(id, operation, format!("{what}: run again later"))),
    }
}
