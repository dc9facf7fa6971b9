//! The VPC and its subnets.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{appends, default_is_built};
use crate::types::{AvailabilityZone, Cidr, Known as _, SubnetId, VpcId};

/// The VPC: subnets for load balancers, for nodes and for the database, in two or three zones.
///
/// Nodes and pods live in a secondary range of their own, so that a large Spark job does not use up the addresses that
/// the rest of the company routes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Network {
    /// The zones to use. The default is as many as `zoneCount` says, chosen from those that EKS can use.
    #[builder(field)]
    pub availability_zones: Vec<AvailabilityZone>,
    /// Interface endpoints, so that traffic to these services stays off the NAT gateways. Each costs by the hour in each
    /// zone; the default is none.
    #[builder(field)]
    pub interface_endpoints: Vec<InterfaceEndpoint>,
    /// A VPC that exists already. It is used, and never changed or deleted.
    pub existing: Option<ExistingNetwork>,
    /// The VPC's own range, `/16` to `/20`. The default is `10.0.0.0/16`.
    #[builder(default = Cidr::known("10.0.0.0/16"))]
    pub vpc_cidr: Cidr,
    /// The range of nodes and pods, `/16` to `/18`. The default is `100.64.0.0/16`.
    /// See <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>.
    #[builder(default = Cidr::known("100.64.0.0/16"))]
    pub secondary_cidr: Cidr,
    /// How many zones to use, 2 or 3. The default is 2.
    #[builder(default = 2)]
    pub zone_count: u8,
    /// How nodes reach the internet. The default is one in each zone in production, a single one in a demo.
    pub nat_gateways: Option<NatGateways>,
    /// Whether S3 is reached by a gateway endpoint, which costs nothing. The default is true.
    #[builder(default = true)]
    pub s3_gateway_endpoint: bool,
}

default_is_built!(Network);

appends!(NetworkBuilder in network_builder {
    /// Adds a zone.
    availability_zone(AvailabilityZone) => availability_zones;
    /// Adds an interface endpoint.
    interface_endpoint(InterfaceEndpoint) => interface_endpoints;
});

/// How nodes reach the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NatGateways {
    /// One for the whole VPC: cheapest, and lost with its zone.
    Single,
    /// One in each zone.
    OnePerZone,
    /// None: everything goes through VPC endpoints.
    None,
}

/// A service with an interface endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InterfaceEndpoint {
    /// EC2 Auto Scaling.
    Autoscaling,
    /// Amazon EC2.
    Ec2,
    /// Messages of the Systems Manager agent.
    Ec2messages,
    /// The registry's API.
    EcrApi,
    /// The registry's images.
    EcrDkr,
    /// Amazon EKS.
    Eks,
    /// Pod identities.
    EksAuth,
    /// Amazon EFS.
    Elasticfilesystem,
    /// Elastic Load Balancing.
    Elasticloadbalancing,
    /// AWS KMS.
    Kms,
    /// CloudWatch Logs.
    Logs,
    /// Secrets Manager.
    Secretsmanager,
    /// Amazon SQS.
    Sqs,
    /// Systems Manager.
    Ssm,
    /// Sessions of Systems Manager.
    Ssmmessages,
    /// Security Token Service: temporary credentials.
    Sts,
}

/// A VPC that exists already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExistingNetwork {
    /// Subnets for nodes and pods, in at least two zones.
    #[builder(field)]
    pub private_subnet_ids: Vec<SubnetId>,
    /// Subnets for internet-facing load balancers. The default is none.
    #[serde(default)]
    #[builder(field)]
    pub public_subnet_ids: Vec<SubnetId>,
    /// Subnets for the database. The default is the private ones.
    #[serde(default)]
    #[builder(field)]
    pub database_subnet_ids: Vec<SubnetId>,
    /// The VPC.
    pub vpc_id: VpcId,
}

appends!(ExistingNetworkBuilder in existing_network_builder {
    /// Adds a subnet for nodes and pods.
    private_subnet_id(SubnetId) => private_subnet_ids;
    /// Adds a subnet for internet-facing load balancers.
    public_subnet_id(SubnetId) => public_subnet_ids;
    /// Adds a subnet for the database.
    database_subnet_id(SubnetId) => database_subnet_ids;
});
