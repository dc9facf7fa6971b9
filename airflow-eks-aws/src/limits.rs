//! How often AWS may be asked: a token bucket for each family of operations, a little below AWS's own.
//!
//! EC2 documents its buckets: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>. Other services
//! document few or none; theirs are modest, and what is refused all the same is asked again later.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::call::{Operation, OperationKind};

/// A token bucket for each family of operations.
#[derive(Debug)]
pub(crate) struct Limits {
    buckets: HashMap<Family, DefaultDirectRateLimiter>,
    /// IAM has one modest bucket for everything, and a role takes many calls. A few at a time are all done sooner than many
    /// at once, and those come first that most time hangs on.
    roles: Semaphore,
}

/// What shares a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Family {
    Ec2Read,
    Ec2ReadMuch,
    Ec2Change,
    Ec2Rules,
    Ec2Tags,
    Ec2NatGateways,
    Ec2VpcEndpoints,
    Read(&'static str),
    Change(&'static str),
}

/// How many operations at once, and how many milliseconds the next one takes to be free.
struct Size(u32, u64);

const SERVICES: &[&str] = &[
    "aps",
    "eks",
    "elasticfilesystem",
    "elasticloadbalancing",
    "events",
    "iam",
    "kms",
    "logs",
    "rds",
    "s3",
    "secretsmanager",
    "servicequotas",
    "sqs",
    "sts",
];

const EC2: &[(Family, Size)] = &[
    (Family::Ec2Read, Size(90, 55)),
    (Family::Ec2ReadMuch, Size(45, 110)),
    (Family::Ec2Change, Size(45, 220)),
    (Family::Ec2Rules, Size(45, 220)),
    (Family::Ec2Tags, Size(90, 110)),
    (Family::Ec2NatGateways, Size(9, 1100)),
    (Family::Ec2VpcEndpoints, Size(3, 3700)),
];

/// How many roles are made, changed or deleted at a time.
const ROLES: usize = 4;

fn size(family: Family) -> Size {
    match family {
        Family::Read("s3") => Size(200, 5),
        Family::Change("s3") => Size(100, 10),
        Family::Read("eks" | "elasticfilesystem" | "iam" | "rds") => Size(36, 75),
        Family::Change("iam") => Size(18, 140),
        Family::Change("eks" | "elasticfilesystem" | "rds") => Size(18, 220),
        Family::Read(_) => Size(50, 55),
        _ => Size(25, 110),
    }
}

impl Limits {
    pub(crate) fn of_aws() -> Self {
        let ec2 = EC2.iter().map(|(family, Size(burst, millis))| (*family, Size(*burst, *millis)));
        let others = SERVICES.iter().flat_map(|service| [Family::Read(service), Family::Change(service)]);
        let sizes = ec2.chain(others.map(|family| (family, size(family))));
        let buckets = sizes.filter_map(|(family, Size(burst, millis))| {
            let quota = Quota::with_period(Duration::from_millis(millis))?;
            Some((family, RateLimiter::direct(quota.allow_burst(NonZeroU32::new(burst)?))))
        });
        Self { buckets: buckets.collect(), roles: Semaphore::new(ROLES) }
    }

    /// Waits until the operation may be called.
    pub(crate) async fn turn(&self, operation: Operation) {
        if let Some(bucket) = self.buckets.get(&family(operation)) {
            bucket.until_ready().await;
        }
    }

    /// Waits until a role may be worked on, first come, first served. The semaphore is never closed, so there is always a
    /// turn.
    pub(crate) async fn role(&self) -> Option<SemaphorePermit<'_>> {
        self.roles.acquire().await.ok()
    }
}

fn family(operation: Operation) -> Family {
    let reads = operation.kind == OperationKind::Read;
    match (operation.service, operation.name) {
        (
            "ec2",
            "DescribeInstances" | "DescribeNetworkInterfaces" | "DescribeSecurityGroups" | "DescribeVolumes",
        ) => Family::Ec2ReadMuch,
        ("ec2", _) if reads => Family::Ec2Read,
        ("ec2", "CreateNatGateway" | "DeleteNatGateway") => Family::Ec2NatGateways,
        ("ec2", "CreateVpcEndpoint" | "ModifyVpcEndpoint" | "DeleteVpcEndpoints") => Family::Ec2VpcEndpoints,
        ("ec2", "CreateTags" | "DeleteTags") => Family::Ec2Tags,
        ("ec2", name) if name.starts_with("Authorize") || name.starts_with("Revoke") => Family::Ec2Rules,
        ("ec2", _) => Family::Ec2Change,
        (service, _) if reads => Family::Read(service),
        (service, _) => Family::Change(service),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_a_bucket() {
        let limits = Limits::of_aws();
        assert_eq!(limits.buckets.len(), EC2.len() + 2 * SERVICES.len());
        for operation in [
            Operation::read("ec2", "DescribeVpcs"),
            Operation::once("ec2", "CreateNatGateway"),
            Operation::repeatable("iam", "CreateRole"),
            Operation::read("s3", "ListBuckets"),
        ] {
            assert!(limits.buckets.contains_key(&family(operation)), "{operation:?}");
        }
    }
}
