//! What the user says: the whole stack, in Rust or as YAML.
//!
//! Each struct is one mapping of `stack.yaml`, and its builder builds the very same value. A default is written once, in
//! the builder, and serde takes it from there.

mod addon;
mod airflow_component;
mod airflow_dags;
mod airflow_ingress;
mod airflow_release;
mod cluster;
mod database;
mod fargate_profile;
mod file_system;
mod gitops;
mod identities;
mod karpenter_node_pool;
mod karpenter_preset;
mod log_bucket;
mod network;
mod node_group;
mod observability;
mod secrets;
mod spark_application;
mod spark_team;

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use addon::*;
pub use airflow_component::*;
pub use airflow_dags::*;
pub use airflow_ingress::*;
pub use airflow_release::*;
pub use cluster::*;
pub use database::*;
pub use fargate_profile::*;
pub use file_system::*;
pub use gitops::*;
pub use identities::*;
pub use karpenter_node_pool::*;
pub use karpenter_preset::*;
pub use log_bucket::*;
pub use network::*;
pub use node_group::*;
pub use observability::*;
pub use secrets::*;
pub use spark_application::*;
pub use spark_team::*;

use crate::types::{AccountId, Region, StackName, TagKey, TagValue};

/// `Default` by way of the builder, so that a default stands in one place.
macro_rules! default_is_built {
    ($($name:ident),+ $(,)?) => { $(
        impl Default for $name {
            fn default() -> Self {
                Self::builder().build()
            }
        }
    )+ };
}
pub(crate) use default_is_built;

/// Builder methods that add one item to a list, or one entry to a map.
macro_rules! appends {
    ($builder:ident in $module:ident { $($(#[$doc:meta])* $method:ident($item:ty) => $field:ident;)+ }) => {
        impl<S: $module::State> $builder<S> {
            $(
                $(#[$doc])*
                pub fn $method(mut self, item: $item) -> Self {
                    self.$field.push(item);
                    self
                }
            )+
        }
    };
}
pub(crate) use appends;

/// A whole stack: the cluster, what Airflow needs around it, and Airflow itself.
///
/// Only `name` and `region` are required.
///
/// ```
/// use airflow_eks_core::spec::{NodeGroup, StackSpec};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let stack = StackSpec::builder()
///     .name("demo".parse()?)
///     .region("eu-central-1".parse()?)
///     .node_group(NodeGroup::builder().name("core".parse()?).build())
///     .build();
/// assert_eq!(stack.node_groups.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StackSpec {
    /// Managed node groups. The default is none; a stack needs nodes of some kind.
    #[serde(default)]
    #[builder(field)]
    pub node_groups: Vec<NodeGroup>,
    /// Fargate profiles. The default is none.
    #[serde(default)]
    #[builder(field)]
    pub fargate_profiles: Vec<FargateProfile>,
    /// Karpenter node pools, each with its node class. The default is none.
    #[serde(default)]
    #[builder(field)]
    pub karpenter_node_pools: Vec<KarpenterNodePool>,
    /// The name of the stack. Every derived name begins with it, and every resource is tagged with it.
    pub name: StackName,
    /// The AWS Region.
    pub region: Region,
    /// The account that the stack belongs to. Where it is given, no other account is ever touched.
    pub account: Option<AccountId>,
    /// Decides the defaults that cost money or protect data. The default is `production`.
    #[serde(default)]
    #[builder(default)]
    pub environment: Environment,
    /// AWS tags for everything that carries tags, besides those of the stack itself.
    #[serde(default)]
    #[builder(default)]
    pub tags: BTreeMap<TagKey, TagValue>,
    /// The VPC.
    #[serde(default)]
    #[builder(default)]
    pub network: Network,
    /// The EKS cluster.
    #[serde(default)]
    #[builder(default)]
    pub cluster: Cluster,
    /// Airflow's metadata database.
    #[serde(default)]
    #[builder(default)]
    pub database: Database,
    /// The EFS file system for DAGs.
    #[serde(default)]
    #[builder(default)]
    pub file_system: FileSystem,
    /// The S3 bucket for Airflow's task logs.
    #[serde(default)]
    #[builder(default)]
    pub log_bucket: LogBucket,
    /// Who pods are to AWS.
    #[serde(default)]
    #[builder(default)]
    pub identities: Identities,
    /// Cluster add-ons, each a switch.
    #[serde(default)]
    #[builder(default)]
    pub addons: Addons,
    /// Airflow itself.
    #[serde(default)]
    #[builder(default)]
    pub airflow: AirflowRelease,
    /// Spark on Kubernetes, driven from Airflow.
    #[serde(default)]
    #[builder(default)]
    pub spark: Spark,
    /// How generated secrets reach the cluster. The default is `direct`.
    #[serde(default)]
    #[builder(default)]
    pub secrets: SecretDelivery,
    /// Metrics and logs.
    #[serde(default)]
    #[builder(default)]
    pub observability: Observability,
    /// The Git repository that Argo CD or Flux reads the stack from. The default is none.
    pub gitops: Option<GitOps>,
}

appends!(StackSpecBuilder in stack_spec_builder {
    /// Adds a managed node group.
    node_group(NodeGroup) => node_groups;
    /// Adds a Fargate profile.
    fargate_profile(FargateProfile) => fargate_profiles;
    /// Adds a Karpenter node pool.
    karpenter_node_pool(KarpenterNodePool) => karpenter_node_pools;
});

impl StackSpec {
    /// Whether an add-on is installed: what the stack says of it, or else whether another part of the stack needs it, or
    /// else its own default.
    #[must_use]
    pub fn addon_enabled(&self, kind: AddonKind) -> bool {
        let needed = match kind {
            AddonKind::ExternalSecrets => self.secrets == SecretDelivery::ExternalSecrets,
            AddonKind::PodIdentityAgent => self.identities.provider == PodIdentity::PodIdentity,
            AddonKind::SparkHistoryServer | AddonKind::SparkOperator => self.spark.enabled,
            _ => kind.enabled_by_default(),
        };
        self.addons.get(kind).enabled.unwrap_or(needed)
    }
}

/// What the stack is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Environment {
    /// Data is protected and one zone may fail: deletion protection, a standby database, a NAT gateway in each zone.
    #[default]
    Production,
    /// Cheap, and easy to throw away.
    Demo,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    /// A default stands in one place: what YAML leaves out is what the builder leaves out.
    #[test]
    fn yaml_and_builder_have_the_same_defaults() {
        let yaml = "name: demo\nregion: eu-central-1\nnodeGroups: [{name: core}]\nkarpenterNodePools: [{name: jobs}]\n";
        let parsed = Document::parse(yaml, "stack.yaml").unwrap().spec().unwrap();
        let built = StackSpec::builder()
            .name("demo".parse().unwrap())
            .region("eu-central-1".parse().unwrap())
            .node_group(NodeGroup::builder().name("core".parse().unwrap()).build())
            .karpenter_node_pool(KarpenterNodePool::builder().name("jobs".parse().unwrap()).build())
            .build();
        assert_eq!(parsed, built);
    }
}
