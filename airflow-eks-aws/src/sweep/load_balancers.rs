//! Load balancers and target groups: of the AWS Load Balancer Controller, and of Kubernetes itself.

use airflow_eks_core::aws_resources::Tags;
use aws_sdk_ec2::types::Filter;

use super::{Leftover, LeftoverKind, Search, network, until_gone};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags::ec2 as tags;

/// How many resources DescribeTags takes.
/// See <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html>.
const AT_ONCE: usize = 20;

const V2: &str = "elasticloadbalancing";

impl Search<'_> {
    pub(super) async fn load_balancers(self) -> Result<Vec<Leftover>, Error> {
        let (elb, subject) = (&self.aws.elbv2, self.subject());
        let operation = Operation::read(V2, "DescribeLoadBalancers");
        let send = |marker| elb.describe_load_balancers().set_marker(marker).send();
        let all = self
            .aws
            .every_page(operation, &subject, send, |page| (page.load_balancers, page.next_marker))
            .await?;
        let arns = all.into_iter().filter_map(|one| one.load_balancer_arn).collect();
        self.judge_by_tags(LeftoverKind::LoadBalancer, arns).await
    }

    pub(super) async fn target_groups(self) -> Result<Vec<Leftover>, Error> {
        let (elb, subject) = (&self.aws.elbv2, self.subject());
        let operation = Operation::read(V2, "DescribeTargetGroups");
        let send = |marker| elb.describe_target_groups().set_marker(marker).send();
        let all = self
            .aws
            .every_page(operation, &subject, send, |page| (page.target_groups, page.next_marker))
            .await?;
        let arns = all.into_iter().filter_map(|one| one.target_group_arn).collect();
        self.judge_by_tags(LeftoverKind::TargetGroup, arns).await
    }

    pub(super) async fn classic_load_balancers(self) -> Result<Vec<Leftover>, Error> {
        let (elb, subject) = (&self.aws.elb, self.subject());
        let operation = Operation::read(V2, "DescribeLoadBalancers");
        let send = |marker| elb.describe_load_balancers().set_marker(marker).send();
        let all = self
            .aws
            .every_page(operation, &subject, send, |page| (page.load_balancer_descriptions, page.next_marker))
            .await?;
        let names: Vec<String> = all.into_iter().filter_map(|one| one.load_balancer_name).collect();
        let mut leftovers = Vec::new();
        for names in names.chunks(AT_ONCE) {
            let tags = match self.classic_tags(names).await? {
                Some(tags) => tags,
                None => {
                    let mut tags = Vec::new();
                    for name in names {
                        tags.extend(self.classic_tags(std::slice::from_ref(name)).await?.unwrap_or_default());
                    }
                    tags
                }
            };
            let judged = tags
                .iter()
                .filter_map(|(name, tags)| self.judge(LeftoverKind::ClassicLoadBalancer, Some(name), tags));
            leftovers.extend(judged);
        }
        Ok(leftovers)
    }

    async fn judge_by_tags(self, kind: LeftoverKind, arns: Vec<String>) -> Result<Vec<Leftover>, Error> {
        let mut leftovers = Vec::new();
        for arns in arns.chunks(AT_ONCE) {
            let tags = match self.tags(arns).await? {
                Some(tags) => tags,
                None => {
                    let mut tags = Vec::new();
                    for arn in arns {
                        tags.extend(self.tags(std::slice::from_ref(arn)).await?.unwrap_or_default());
                    }
                    tags
                }
            };
            leftovers.extend(tags.iter().filter_map(|(arn, tags)| self.judge(kind, Some(arn), tags)));
        }
        Ok(leftovers)
    }

    /// Nothing where one of them has gone meanwhile: AWS then tells about none.
    async fn tags(self, arns: &[String]) -> Result<Option<Vec<(String, Tags)>>, Error> {
        let operation = Operation::read(V2, "DescribeTags");
        let request = || self.aws.elbv2.describe_tags().set_resource_arns(Some(arns.to_vec()));
        let answer = found(self.aws.call(operation, self.subject(), || request().send()).await)?;
        Ok(answer.map(|answer| {
            let pairs = answer.tag_descriptions().iter().map(|of| {
                let tags = of.tags().iter().filter_map(|tag| {
                    Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()))
                });
                (of.resource_arn().unwrap_or_default().to_owned(), tags.collect())
            });
            pairs.collect()
        }))
    }

    /// The same of Classic Load Balancers.
    async fn classic_tags(self, names: &[String]) -> Result<Option<Vec<(String, Tags)>>, Error> {
        let operation = Operation::read(V2, "DescribeTags");
        let request = || self.aws.elb.describe_tags().set_load_balancer_names(Some(names.to_vec()));
        let answer = found(self.aws.call(operation, self.subject(), || request().send()).await)?;
        Ok(answer.map(|answer| {
            let pairs = answer.tag_descriptions().iter().map(|of| {
                let pair = |tag: &aws_sdk_elasticloadbalancing::types::Tag| {
                    (tag.key().to_owned(), tag.value().unwrap_or_default().to_owned())
                };
                let name = of.load_balancer_name().unwrap_or_default().to_owned();
                (name, of.tags().iter().map(pair).collect())
            });
            pairs.collect()
        }))
    }
}

/// Deletes it, and waits until its network interfaces are gone: they hold security groups and subnets.
pub(super) async fn delete(aws: &Aws, arn: &str) -> Result<(), Error> {
    let operation = Operation::delete(V2, "DeleteLoadBalancer");
    gone(aws.call(operation, arn, || aws.elbv2.delete_load_balancer().load_balancer_arn(arn).send()).await)?;
    match arn.split_once(":loadbalancer/") {
        Some((_, name)) => until_interfaces_are_gone(aws, arn, &format!("ELB {name}")).await,
        None => Ok(()),
    }
}

/// The same of a Classic Load Balancer.
pub(super) async fn delete_classic(aws: &Aws, name: &str) -> Result<(), Error> {
    let operation = Operation::delete(V2, "DeleteLoadBalancer");
    gone(aws.call(operation, name, || aws.elb.delete_load_balancer().load_balancer_name(name).send()).await)?;
    until_interfaces_are_gone(aws, name, &format!("ELB {name}")).await
}

pub(super) async fn delete_target_group(aws: &Aws, arn: &str) -> Result<(), Error> {
    let operation = Operation::delete(V2, "DeleteTargetGroup");
    gone(aws.call(operation, arn, || aws.elbv2.delete_target_group().target_group_arn(arn).send()).await)
}

/// The interfaces of a load balancer are described by its name.
/// See <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html>.
async fn until_interfaces_are_gone(aws: &Aws, id: &str, description: &str) -> Result<(), Error> {
    let filters: Vec<Filter> = vec![tags::filter("description", description)];
    until_gone(id, "ec2:DescribeNetworkInterfaces", "its network interfaces are still there", || async {
        Ok(network::interfaces(aws, id, &filters).await?.is_empty())
    })
    .await
}
