//! Tags, in the shape of each service.

pub(crate) mod ec2;
pub(crate) mod efs;
pub(crate) mod eks;
pub(crate) mod iam;
pub(crate) mod rds;

use airflow_eks_core::aws_resources::{RESOURCE_TAG, STACK_TAG, Tags};
use airflow_eks_core::engine::Ownership;
use airflow_eks_core::graph::AwsId;

use crate::clients::Aws;

impl Aws {
    /// Whether tags say that a resource is this stack's.
    pub(crate) fn ownership(&self, tags: &Tags) -> Ownership {
        match tags.get(STACK_TAG) {
            Some(stack) if *stack == self.stack => Ownership::Ours,
            Some(stack) => Ownership::NotOurs(format!("it belongs to the stack `{stack}`")),
            None => Ownership::NotOurs(format!("it carries no tag `{STACK_TAG}`")),
        }
    }

    /// Which resource of this stack tags speak of.
    pub(crate) fn marked(&self, tags: &Tags) -> Option<AwsId> {
        if tags.get(STACK_TAG)? != &self.stack {
            return None;
        }
        AwsId::from_tag(tags.get(RESOURCE_TAG)?)
    }
}
