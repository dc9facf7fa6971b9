//! Every name that is derived from the stack's own, each in one method.

use crate::graph::{GeneratedSecret, Late, Output};
use crate::spec::StackSpec;
use crate::stack::Stack;

/// The most characters of an IAM role's name.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub(crate) const LONGEST_ROLE: usize = 64;

/// An IAM role of a stack. Names are unique in an account, so the Region is part of them.
pub(crate) fn role(spec: &StackSpec, purpose: &str) -> String {
    format!("{}-{}-{purpose}", spec.name, spec.region)
}

/// The names of one stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a>(&'a Stack);

impl<'a> Names<'a> {
    pub(crate) fn of(stack: &'a Stack) -> Self {
        Self(stack)
    }

    /// The stack's own name: the value of every label and tag that marks what is ours.
    pub(crate) fn stack(self) -> &'a str {
        self.0.spec().name.as_str()
    }

    /// The EKS cluster.
    pub(crate) fn cluster(self) -> &'a str {
        match &self.0.spec().cluster.existing {
            Some(existing) => existing.name.as_str(),
            None => self.stack(),
        }
    }

    /// The account number, or its mark.
    fn account(self) -> String {
        self.0.account().map_or_else(|| Late::Output(Output::AccountId).mark(), ToString::to_string)
    }

    /// An IAM role of the stack.
    pub(crate) fn role(self, purpose: &str) -> String {
        role(self.0.spec(), purpose)
    }

    /// The ARN of an IAM role of the stack.
    pub(crate) fn role_arn(self, purpose: &str) -> String {
        let partition = self.0.spec().region.partition();
        format!("arn:{partition}:iam::{}:role/{}", self.account(), self.role(purpose))
    }

    /// The S3 bucket for task logs. Names are unique in the world, so account and Region are part of them.
    pub(crate) fn log_bucket(self) -> String {
        match &self.0.spec().log_bucket.existing {
            Some(existing) => existing.to_string(),
            None => format!("{}-airflow-logs-{}-{}", self.stack(), self.account(), self.0.spec().region),
        }
    }

    /// Where in S3 task logs go.
    pub(crate) fn log_folder(self) -> String {
        format!("s3://{}/{}", self.log_bucket(), self.0.spec().log_bucket.prefix)
    }

    /// A secret in Secrets Manager.
    pub(crate) fn secret(self, secret: GeneratedSecret) -> String {
        match (&self.0.spec().database.existing, secret) {
            (Some(existing), GeneratedSecret::DatabasePassword) => existing.password_secret_arn.to_string(),
            _ => format!("{}/{}", self.stack(), secret.name()),
        }
    }

    /// The value of the tag `karpenter.sh/discovery` on the subnets of nodes and on their security group.
    pub(crate) fn node_discovery(self) -> &'a str {
        self.cluster()
    }
}
