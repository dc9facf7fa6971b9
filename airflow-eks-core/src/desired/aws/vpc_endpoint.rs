//! VPC endpoints: ways to AWS services that do not lead through a NAT gateway.
//! See <https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>.

use std::collections::BTreeSet;

use super::network::{Tier, in_zone};
use super::parts::{Parts, mark};
use super::security_group;
use crate::aws_resources::{AwsKind, VpcEndpoint, VpcEndpointType};
use crate::graph::Attribute;
use crate::spec::InterfaceEndpoint;
use crate::types::Region;

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_own_network() {
        return;
    }
    let network = &parts.spec().network;
    let region = &parts.spec().region;
    if network.s3_gateway_endpoint {
        let table = |zone: &str| mark(AwsKind::RouteTable, in_zone(Tier::Private, zone), Attribute::Id);
        let endpoint = VpcEndpoint {
            vpc_id: parts.vpc_id(),
            service_name: format!("com.amazonaws.{region}.s3"),
            vpc_endpoint_type: VpcEndpointType::Gateway,
            route_table_ids: parts.zones().map(table).collect(),
            subnet_ids: BTreeSet::new(),
            security_group_ids: BTreeSet::new(),
            private_dns_enabled: false,
        };
        parts.add("s3", endpoint);
    }
    for endpoint in &network.interface_endpoints {
        let service = service(*endpoint);
        let endpoint = VpcEndpoint {
            vpc_id: parts.vpc_id(),
            service_name: format!("{}.{region}.{service}", prefix(region, *endpoint)),
            vpc_endpoint_type: VpcEndpointType::Interface,
            route_table_ids: BTreeSet::new(),
            subnet_ids: parts.subnet_ids(Tier::Private),
            security_group_ids: [security_group::id(security_group::ENDPOINTS)].into(),
            private_dns_enabled: true,
        };
        parts.add(service, endpoint);
    }
}

/// What the name of a service begins with: in China, that of some services differs.
/// See <https://docs.amazonaws.cn/en_us/vpc/latest/privatelink/aws-services-privatelink-support.html>.
fn prefix(region: &Region, endpoint: InterfaceEndpoint) -> &'static str {
    use InterfaceEndpoint as Endpoint;
    let differs = matches!(
        endpoint,
        Endpoint::Autoscaling | Endpoint::Ec2 | Endpoint::EcrApi | Endpoint::EcrDkr | Endpoint::Sts
    );
    if region.partition() == "aws-cn" && differs { "cn.com.amazonaws" } else { "com.amazonaws" }
}

fn service(endpoint: InterfaceEndpoint) -> &'static str {
    use InterfaceEndpoint as Endpoint;
    match endpoint {
        Endpoint::Autoscaling => "autoscaling",
        Endpoint::Ec2 => "ec2",
        Endpoint::Ec2messages => "ec2messages",
        Endpoint::EcrApi => "ecr.api",
        Endpoint::EcrDkr => "ecr.dkr",
        Endpoint::Eks => "eks",
        Endpoint::EksAuth => "eks-auth",
        Endpoint::Elasticfilesystem => "elasticfilesystem",
        Endpoint::Elasticloadbalancing => "elasticloadbalancing",
        Endpoint::Kms => "kms",
        Endpoint::Logs => "logs",
        Endpoint::Secretsmanager => "secretsmanager",
        Endpoint::Sqs => "sqs",
        Endpoint::Ssm => "ssm",
        Endpoint::Ssmmessages => "ssmmessages",
        Endpoint::Sts => "sts",
    }
}
