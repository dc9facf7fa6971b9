//! How often AWS may be asked: a token bucket for each family of operations, a little below AWS's own.
//!
//! EC2 documents its buckets: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::call::{Operation, OperationKind};

/// A token bucket for each family of operations.
#[derive(Debug)]
pub(crate) struct Limits {
    buckets: Vec<(Family, DefaultDirectRateLimiter)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Ec2Read,
    Ec2Change,
    Ec2Rules,
    Ec2Tags,
    Ec2NatGateways,
    Ec2VpcEndpoints,
    EksRead,
    EksChange,
    IamRead,
    IamChange,
    Other,
}

/// Families with the size of the bucket, and how many milliseconds a token takes to come back.
const FAMILIES: &[(Family, u32, u64)] = &[
    (Family::Ec2Read, 90, 55),
    (Family::Ec2Change, 45, 220),
    (Family::Ec2Rules, 45, 220),
    (Family::Ec2Tags, 90, 110),
    (Family::Ec2NatGateways, 9, 1100),
    (Family::Ec2VpcEndpoints, 3, 3700),
    (Family::EksRead, 40, 100),
    (Family::EksChange, 15, 250),
    (Family::IamRead, 40, 60),
    (Family::IamChange, 20, 120),
    (Family::Other, 40, 60),
];

impl Limits {
    pub(crate) fn of_aws() -> Self {
        let buckets = FAMILIES.iter().filter_map(|(family, size, millis)| {
            let quota = Quota::with_period(Duration::from_millis(*millis))?;
            Some((*family, RateLimiter::direct(quota.allow_burst(NonZeroU32::new(*size)?))))
        });
        Self { buckets: buckets.collect() }
    }

    /// Waits until the operation may be called.
    pub(crate) async fn turn(&self, operation: Operation) {
        let family = family(operation);
        if let Some((_, bucket)) = self.buckets.iter().find(|(known, _)| *known == family) {
            bucket.until_ready().await;
        }
    }
}

fn family(operation: Operation) -> Family {
    let reads = operation.kind == OperationKind::Read;
    match (operation.service, operation.name) {
        ("ec2", _) if reads => Family::Ec2Read,
        ("ec2", "CreateNatGateway" | "DeleteNatGateway") => Family::Ec2NatGateways,
        ("ec2", "CreateVpcEndpoint" | "DeleteVpcEndpoints") => Family::Ec2VpcEndpoints,
        ("ec2", "CreateTags" | "DeleteTags") => Family::Ec2Tags,
        ("ec2", name) if name.contains("SecurityGroup") => Family::Ec2Rules,
        ("ec2", _) => Family::Ec2Change,
        ("eks", _) if reads => Family::EksRead,
        ("eks", _) => Family::EksChange,
        ("iam", _) if reads => Family::IamRead,
        ("iam", _) => Family::IamChange,
        _ => Family::Other,
    }
}
