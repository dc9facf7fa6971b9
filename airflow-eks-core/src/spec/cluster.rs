//! The EKS cluster.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{appends, default_is_built};
use crate::types::{Arn, Cidr, ClusterName, Known as _, KubernetesVersion, NamespaceName};

/// The EKS cluster.
///
/// The API endpoint is private unless the stack says otherwise, secrets are encrypted with a key of the stack's own, and
/// access goes by access entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Cluster {
    /// Who may use the cluster besides the identity that creates it. The default is nobody.
    #[builder(field)]
    pub access_entries: Vec<AccessEntry>,
    /// The Kubernetes version. The default is `1.35`.
    /// See <https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html>.
    #[builder(default = KubernetesVersion::known("1.35"))]
    pub version: KubernetesVersion,
    /// A cluster that exists already. It is used, and never changed beyond what the stack names, nor deleted.
    pub existing: Option<ExistingCluster>,
    /// Who reaches the API endpoint. The default is the VPC only.
    #[builder(default)]
    pub endpoint_access: EndpointAccess,
    /// Which logs of the control plane are kept. The default is audit, api and authenticator.
    #[builder(default = vec![ControlPlaneLog::Api, ControlPlaneLog::Audit, ControlPlaneLog::Authenticator])]
    pub logging: Vec<ControlPlaneLog>,
    /// How many days those logs are kept; one of the values that CloudWatch Logs accepts. The default is 90.
    #[builder(default = 90)]
    pub log_retention_days: u32,
    /// Whether Kubernetes secrets are encrypted with a KMS key of the stack's own. The default is true.
    #[builder(default = true)]
    pub secrets_encryption: bool,
    /// Which support the cluster gets once the standard term of its version ends. The default is `standard`: AWS then
    /// upgrades it, instead of billing the extended term.
    #[builder(default)]
    pub support_type: SupportType,
}

default_is_built!(Cluster, EndpointAccess);

appends!(ClusterBuilder in cluster_builder {
    /// Adds an access entry.
    access_entry(AccessEntry) => access_entries;
});

/// A cluster that exists already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExistingCluster {
    /// Its name.
    pub name: ClusterName,
}

/// Who reaches the API endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct EndpointAccess {
    /// The address blocks that may reach the public endpoint. Required where it is on.
    #[builder(field)]
    pub public_cidrs: Vec<Cidr>,
    /// Whether there is a public endpoint. The default is false.
    #[builder(default)]
    pub public: bool,
    /// Whether there is an endpoint within the VPC. The default is true.
    #[builder(default = true)]
    pub private: bool,
}

appends!(EndpointAccessBuilder in endpoint_access_builder {
    /// Adds an address block that may reach the public endpoint.
    public_cidr(Cidr) => public_cidrs;
});

/// A log of the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ControlPlaneLog {
    /// Requests to the API server.
    Api,
    /// Who did what.
    Audit,
    /// Authentication by IAM.
    Authenticator,
    /// The controller manager.
    ControllerManager,
    /// The scheduler.
    Scheduler,
}

/// Which support a cluster gets when the standard term of its version ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SupportType {
    /// AWS upgrades the cluster.
    #[default]
    Standard,
    /// The version stays for twelve months more, at a higher price.
    Extended,
}

/// Who may use the cluster, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AccessEntry {
    /// The namespaces that the policy is bound to. The default is the whole cluster.
    #[serde(default)]
    #[builder(field)]
    pub namespaces: Vec<NamespaceName>,
    /// The IAM role or user.
    pub principal_arn: Arn,
    /// What it may do.
    pub policy: AccessPolicy,
}

appends!(AccessEntryBuilder in access_entry_builder {
    /// Binds the policy to one more namespace.
    namespace(NamespaceName) => namespaces;
});

/// An access policy of EKS.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AccessPolicy {
    /// Everything.
    ClusterAdmin,
    /// Nearly everything.
    Admin,
    /// Reading and changing workloads.
    Edit,
    /// Reading, without secrets.
    View,
}
