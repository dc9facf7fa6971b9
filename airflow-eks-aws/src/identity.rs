//! Who is calling.

use airflow_eks_core::engine::Failure;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;

/// Whose credentials are in use.
/// See <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The account number.
    pub account: String,
    /// The user or the assumed role.
    pub arn: String,
}

impl Caller {
    /// Which part of AWS the account belongs to, such as `aws` or `aws-cn`.
    pub(crate) fn partition(&self) -> &str {
        self.arn.split(':').nth(1).unwrap_or("aws")
    }
}

impl Aws {
    /// Whose credentials are in use. Asked once.
    ///
    /// # Errors
    /// There are no credentials, or AWS does not take them.
    pub async fn caller(&self) -> Result<Caller, Failure> {
        self.identity().await.cloned().map_err(|error| error.failure)
    }

    pub(crate) async fn identity(&self) -> Result<&Caller, Error> {
        self.caller.get_or_try_init(|| ask(self)).await
    }
}

async fn ask(aws: &Aws) -> Result<Caller, Error> {
    let operation = Operation::read("sts", "GetCallerIdentity");
    let answer = aws.call(operation, "the caller", || aws.sts.get_caller_identity().send()).await?;
    match (answer.account, answer.arn) {
        (Some(account), Some(arn)) => Ok(Caller { account, arn }),
        _ => Err(Error::other("the caller", "sts:GetCallerIdentity", "the answer names no account")),
    }
}
