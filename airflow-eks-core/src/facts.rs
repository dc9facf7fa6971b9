//! What is already true before a stack is made: gathered once from AWS, and passed in.

use crate::types::{AccountId, AvailabilityZone, KubernetesVersion};

/// What is already true. Nothing is known offline: rules that need a fact then wait until it is known.
///
/// ```
/// use airflow_eks_core::Facts;
///
/// let facts = Facts { account: Some("111122223333".parse().unwrap()), ..Facts::unknown() };
/// assert!(facts.usable_zones.is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The account of the credentials in use.
    pub account: Option<AccountId>,
    /// The zones of the Region that EKS can place a control plane in. Some exist that it cannot.
    /// See <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html>.
    pub usable_zones: Option<Vec<AvailabilityZone>>,
    /// The versions of Kubernetes that EKS offers. Where they are not known, a list of this release of airflow-eks counts.
    pub kubernetes_versions: Option<Vec<KubernetesOffer>>,
}

/// A version of Kubernetes that EKS offers.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubernetesOffer {
    /// The version.
    pub version: KubernetesVersion,
    /// Whether it is in its standard term of support. Afterwards it costs more.
    pub standard_support: bool,
}

impl Facts {
    /// Nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }
}
