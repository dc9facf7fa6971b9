//! The AWS resources of a stack, as plain data: what AWS is asked for, and, in the same shape, what AWS says there is.
//!
//! Field names are those of the AWS APIs. Any text may hold marks of late values, such as the id of another resource;
//! those are what ties resources together.

mod access_entry;
mod addon;
mod bucket;
mod cluster;
mod db_instance;
mod db_parameter_group;
mod db_subnet_group;
mod effect;
mod elastic_ip;
mod event_rule;
mod fargate_profile;
mod file_system;
mod internet_gateway;
mod kms_key;
mod launch_template;
mod log_group;
mod mount_target;
mod nat_gateway;
mod node_group;
mod object;
mod oidc_provider;
mod pod_identity_association;
mod prometheus_workspace;
mod queue;
mod role;
mod route_table;
#[cfg(test)]
pub(crate) mod samples;
mod secret;
mod security_group;
mod security_group_rules;
mod service_linked_role;
mod subnet;
mod vpc;
mod vpc_cidr_block;
mod vpc_endpoint;

use std::fmt;
use std::time::Duration;

use serde_json::Value;

pub use access_entry::{AccessEntry, AccessScope};
pub use addon::Addon;
pub use bucket::Bucket;
pub use cluster::{Cluster, ExistingCluster};
pub use db_instance::DbInstance;
pub use db_parameter_group::DbParameterGroup;
pub use db_subnet_group::DbSubnetGroup;
pub use effect::{Effect, Kind};
pub use elastic_ip::ElasticIp;
pub use event_rule::EventRule;
pub use fargate_profile::{FargateProfile, FargateSelector};
pub use file_system::FileSystem;
pub use internet_gateway::InternetGateway;
pub use kms_key::KmsKey;
pub use launch_template::LaunchTemplate;
pub use log_group::LogGroup;
pub use mount_target::MountTarget;
pub use nat_gateway::NatGateway;
pub use node_group::{NodeGroup, Taint};
pub use object::{AwsObject, RESOURCE_TAG, STACK_TAG, Tags, is_known};
pub use oidc_provider::OidcProvider;
pub use pod_identity_association::PodIdentityAssociation;
pub use prometheus_workspace::PrometheusWorkspace;
pub use queue::Queue;
pub use role::Role;
pub use route_table::{Route, RouteTable};
pub use secret::Secret;
pub use security_group::SecurityGroup;
pub use security_group_rules::{SecurityGroupRule, SecurityGroupRules};
pub use service_linked_role::ServiceLinkedRole;
pub use subnet::Subnet;
pub use vpc::Vpc;
pub use vpc_cidr_block::VpcCidrBlock;
pub use vpc_endpoint::{VpcEndpoint, VpcEndpointType};

/// Writes every kind down once.
macro_rules! aws_kinds {
    ($( $(#[$doc:meta])* $kind:ident = $word:literal, takes $seconds:literal, needs [$($needs:ident),*]; )+) => {
        /// Every kind of AWS resource that a stack can have, in an order in which they can be made. The set is closed: a new
        /// kind is a compile error wherever it is not managed yet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AwsKind { $( $(#[$doc])* $kind, )+ }

        impl AwsKind {
            /// All of them, in an order in which they can be made.
            pub const ALL: &[Self] = &[$( Self::$kind, )+];

            /// Its word in the tag that tells the resources of a stack apart.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $( Self::$kind => $word, )+ }
            }

            /// How long AWS usually takes to make one: what the critical path is reckoned with. Medians of public logs.
            #[must_use]
            pub fn expected_duration(self) -> Duration {
                Duration::from_secs(match self { $( Self::$kind => $seconds, )+ })
            }

            /// The kinds that one of this kind may lie in or refer to, and that can only be deleted after it.
            #[must_use]
            pub fn needs(self) -> &'static [Self] {
                match self { $( Self::$kind => &[$( Self::$needs, )*], )+ }
            }

            /// What changing a field does to a resource of this kind.
            #[must_use]
            pub fn effect(self, path: &str) -> Effect {
                match self { $( Self::$kind => effect::of(<$kind as Kind>::EFFECTS, path), )+ }
            }
        }

        impl fmt::Display for AwsKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $( Self::$kind => stringify!($kind), )+ })
            }
        }

        /// One AWS resource, as it is to be or as it is.
        #[derive(Debug, Clone, PartialEq)]
        pub enum AwsResource { $( $(#[$doc])* $kind($kind), )+ }

        impl AwsResource {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> AwsKind {
                match self { $( Self::$kind(_) => AwsKind::$kind, )+ }
            }

            /// Its fields.
            #[must_use]
            pub fn to_value(&self) -> Value {
                match self { $( Self::$kind(body) => serde_json::to_value(body).unwrap_or_default(), )+ }
            }

            /// The resource that these are the fields of, if they are.
            pub(crate) fn from_value(kind: AwsKind, value: Value) -> Option<Self> {
                match kind { $( AwsKind::$kind => serde_json::from_value(value).ok().map(Self::$kind), )+ }
            }
        }

        $(
            impl From<$kind> for AwsResource {
                fn from(body: $kind) -> Self {
                    Self::$kind(body)
                }
            }
        )+
    };
}

// Seconds: medians of public logs, and otherwise what one call and its answer take.
aws_kinds! {
    /// An EKS cluster that was there before: only read.
    ExistingCluster = "existing-cluster", takes 0, needs [];
    /// A VPC.
    Vpc = "vpc", takes 2, needs [];
    /// A further address range of a VPC.
    VpcCidrBlock = "vpc-cidr-block", takes 2, needs [Vpc];
    /// An internet gateway, attached.
    InternetGateway = "internet-gateway", takes 2, needs [Vpc];
    /// A subnet.
    Subnet = "subnet", takes 1, needs [Vpc, VpcCidrBlock];
    /// An Elastic IP address.
    ElasticIp = "elastic-ip", takes 1, needs [InternetGateway];
    /// A NAT gateway.
    NatGateway = "nat-gateway", takes 106, needs [Subnet, ElasticIp, InternetGateway];
    /// A route table with its routes and associations.
    RouteTable = "route-table", takes 1, needs [Vpc, Subnet, InternetGateway, NatGateway];
    /// A security group, without rules.
    SecurityGroup = "security-group", takes 1, needs [ExistingCluster, Vpc];
    /// A VPC endpoint.
    VpcEndpoint = "vpc-endpoint", takes 60, needs [Vpc, Subnet, RouteTable, SecurityGroup];
    /// A service-linked role: of the whole account.
    ServiceLinkedRole = "service-linked-role", takes 1, needs [];
    /// An IAM role with its policies.
    Role = "role", takes 2, needs [];
    /// A customer managed KMS key with its alias.
    KmsKey = "kms-key", takes 1, needs [];
    /// A CloudWatch Logs group.
    LogGroup = "log-group", takes 1, needs [];
    /// An EKS cluster.
    Cluster = "cluster", takes 532, needs [Subnet, SecurityGroup, Role, KmsKey, LogGroup];
    /// The rules of a security group: they may name the group that EKS makes, which could not go before them.
    SecurityGroupRules = "security-group-rules", takes 1, needs [SecurityGroup, Cluster, ExistingCluster];
    /// The OpenID Connect provider of a cluster.
    OidcProvider = "oidc-provider", takes 1, needs [Cluster, ExistingCluster];
    /// Who may do what in a cluster.
    AccessEntry = "access-entry", takes 1, needs [Cluster, ExistingCluster, Role];
    /// Which role a service account stands for.
    PodIdentityAssociation = "pod-identity-association", takes 1, needs [Cluster, ExistingCluster, Role];
    /// An EKS add-on.
    Addon = "addon", takes 45, needs [Cluster, ExistingCluster, Role, PodIdentityAssociation];
    /// An EC2 launch template.
    LaunchTemplate = "launch-template", takes 1, needs [Cluster, ExistingCluster, SecurityGroup];
    /// A managed node group.
    NodeGroup = "node-group", takes 131, needs [
        Cluster, ExistingCluster, Role, ServiceLinkedRole, LaunchTemplate, Addon, Subnet, RouteTable, VpcEndpoint,
        SecurityGroupRules
    ];
    /// A Fargate profile.
    FargateProfile = "fargate-profile", takes 90, needs [Cluster, ExistingCluster, Role, Subnet, RouteTable, VpcEndpoint];
    /// An SQS queue.
    Queue = "queue", takes 1, needs [];
    /// An EventBridge rule with its targets.
    EventRule = "event-rule", takes 1, needs [Queue];
    /// A secret in Secrets Manager.
    Secret = "secret", takes 1, needs [];
    /// A subnet group of RDS.
    DbSubnetGroup = "db-subnet-group", takes 1, needs [Subnet];
    /// A parameter group of RDS.
    DbParameterGroup = "db-parameter-group", takes 1, needs [];
    /// An RDS instance.
    DbInstance = "db-instance", takes 362, needs [DbSubnetGroup, DbParameterGroup, SecurityGroup, Role, Secret, LogGroup];
    /// An EFS file system.
    FileSystem = "file-system", takes 5, needs [];
    /// A mount target of a file system.
    MountTarget = "mount-target", takes 90, needs [FileSystem, Subnet, SecurityGroup];
    /// An S3 bucket.
    Bucket = "bucket", takes 2, needs [];
    /// A workspace of Amazon Managed Service for Prometheus.
    PrometheusWorkspace = "prometheus-workspace", takes 10, needs [];
}
