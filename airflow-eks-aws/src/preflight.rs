//! What would stop a stack half-way, found before its first change.

use airflow_eks_core::Graph;
use airflow_eks_core::aws_resources::{AwsKind, AwsResource};
use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::{AwsId, ResourceId};
use airflow_eks_core::plan::{Observations, Observed};
use aws_sdk_ec2::operation::describe_internet_gateways::DescribeInternetGatewaysOutput;
use aws_sdk_servicequotas::types::ServiceQuota;
use serde::Serialize;

use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::clusters;
use crate::error::{Class, Error};

/// Something that was found before the first change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Whether the stack cannot be made because of it. What could not be read is worth knowing, and stops nothing.
    pub blocks: bool,
    /// What it is about.
    pub about: String,
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// A quota of the account, and the kind of resource that uses it up.
struct Quota {
    service: &'static str,
    code: &'static str,
    name: &'static str,
    kind: AwsKind,
}

/// See <https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html> and
/// <https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html>.
const QUOTAS: &[Quota] = &[
    Quota { service: "vpc", code: "L-F678F1CE", name: "VPCs per Region", kind: AwsKind::Vpc },
    Quota {
        service: "vpc",
        code: "L-A4707A72",
        name: "internet gateways per Region",
        kind: AwsKind::InternetGateway,
    },
    Quota {
        service: "ec2",
        code: "L-0263D0A3",
        name: "Elastic IP addresses per Region",
        kind: AwsKind::ElasticIp,
    },
    Quota { service: "eks", code: "L-1194D53C", name: "EKS clusters per Region", kind: AwsKind::Cluster },
];

impl Aws {
    /// Looks for what would stop the stack half-way: quotas that it would exceed, names that others have. Everything at once.
    pub async fn preflight(&self, graph: &Graph, observed: &Observations) -> Vec<Finding> {
        let quotas =
            futures::future::join_all(QUOTAS.iter().map(|quota| self.check_quota(quota, graph, observed)));
        let names = self.check_bucket_names(graph, observed);
        let (quotas, names) = futures::join!(quotas, names);
        quotas.into_iter().flatten().chain(names).collect()
    }

    async fn check_quota(&self, quota: &Quota, graph: &Graph, observed: &Observations) -> Option<Finding> {
        let to_make = missing(graph, observed).filter(|id| id.kind == quota.kind).count();
        if to_make == 0 {
            return None;
        }
        let asked = async { futures::try_join!(self.quota(quota), self.used(quota.kind)) };
        let (limit, used) = match asked.await {
            Ok(known) => known,
            Err(error) => return Some(unread(quota.name, &error.failure)),
        };
        (used + to_make > limit).then(|| Finding {
            blocks: true,
            about: quota.name.to_owned(),
            message: format!("the quota is {limit}, {used} are in use, and the stack needs {to_make} more"),
            hint: format!(
                "ask for more in Service Quotas (service {}, quota {}), or delete what is not needed",
                quota.service, quota.code
            ),
        })
    }

    async fn quota(&self, quota: &Quota) -> Result<usize, Error> {
        let applied = self
            .call(Operation::read("servicequotas", "GetServiceQuota"), quota.name, || {
                self.quotas.get_service_quota().service_code(quota.service).quota_code(quota.code).send()
            })
            .await;
        let value = match applied {
            Ok(answer) => answer.quota().and_then(ServiceQuota::value),
            // Nobody asked for another value: the default counts.
            Err(error) if error.is_not_found() => {
                let answer = self
                    .call(Operation::read("servicequotas", "GetAWSDefaultServiceQuota"), quota.name, || {
                        self.quotas
                            .get_aws_default_service_quota()
                            .service_code(quota.service)
                            .quota_code(quota.code)
                            .send()
                    })
                    .await?;
                answer.quota().and_then(ServiceQuota::value)
            }
            Err(error) => return Err(error),
        };
        // A quota is a whole number below any that a float could not hold.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "quotas are small whole numbers"
        )]
        value.map(|value| value as usize).ok_or_else(|| {
            Error::other(quota.name, "servicequotas:GetServiceQuota", "the answer holds no value")
        })
    }

    /// How many of a kind there are in the Region, whoever made them.
    async fn used(&self, kind: AwsKind) -> Result<usize, Error> {
        Ok(match kind {
            AwsKind::Vpc => {
                let operation = Operation::read("ec2", "DescribeVpcs");
                let send = |token| self.ec2.describe_vpcs().set_next_token(token).send();
                self.every_page(operation, "VPCs", send, |page| (page.vpcs, page.next_token)).await?.len()
            }
            AwsKind::InternetGateway => {
                let operation = Operation::read("ec2", "DescribeInternetGateways");
                let send = |token| self.ec2.describe_internet_gateways().set_next_token(token).send();
                let read = |page: DescribeInternetGatewaysOutput| (page.internet_gateways, page.next_token);
                self.every_page(operation, "internet gateways", send, read).await?.len()
            }
            AwsKind::ElasticIp => {
                let operation = Operation::read("ec2", "DescribeAddresses");
                let answer = self.call(operation, "addresses", || self.ec2.describe_addresses().send());
                answer.await?.addresses().len()
            }
            _ => clusters::names(self, AwsKind::Cluster).await?.len(),
        })
    }

    /// Names of buckets are unique in the world.
    async fn check_bucket_names(&self, graph: &Graph, observed: &Observations) -> Vec<Finding> {
        let missing: Vec<&AwsId> = missing(graph, observed).collect();
        let mut findings = Vec::new();
        for object in graph.aws().filter(|object| missing.contains(&&object.id)) {
            let AwsResource::Bucket(bucket) = &object.body else { continue };
            let asked = self
                .call(Operation::read("s3", "HeadBucket"), &object.id, || {
                    self.s3.head_bucket().bucket(&bucket.bucket).send()
                })
                .await;
            match asked {
                Err(error)
                    if error.class == Class::Denied || error.failure.code.as_deref() == Some("403") =>
                {
                    findings.push(Finding {
                        blocks: true,
                        about: object.id.to_string(),
                        message: format!(
                            "the name `{}` belongs to a bucket of another account",
                            bucket.bucket
                        ),
                        hint:
                            "give the stack another name, or name a bucket of yours with `logBucket.existing`"
                                .into(),
                    });
                }
                Err(error) if !error.is_not_found() => findings.push(Finding {
                    blocks: false,
                    about: object.id.to_string(),
                    message: format!("it is not known whether the name is free: {}", error.failure),
                    hint: error.failure.hint.unwrap_or_else(|| "making it will tell".to_owned()),
                }),
                _ => {}
            }
        }
        findings
    }
}

/// The resources that are to be made.
fn missing<'a>(graph: &'a Graph, observed: &'a Observations) -> impl Iterator<Item = &'a AwsId> {
    let absent =
        |id: &AwsId| matches!(observed.resources.get(&ResourceId::Aws(id.clone())), Some(Observed::Absent));
    graph.aws().map(|object| &object.id).filter(move |id| absent(id))
}

fn unread(about: &str, failure: &Failure) -> Finding {
    Finding {
        blocks: false,
        about: about.to_owned(),
        message: format!("the quota could not be read: {failure}"),
        hint: "allow the call, or look at the quota in the console".to_owned(),
    }
}
