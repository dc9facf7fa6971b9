//! Changing a cluster.
//!
//! EKS takes one kind of change at a time:
//! <https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html>.

use std::time::Duration;

use airflow_eks_core::aws_resources::Cluster;
use aws_sdk_eks::operation::update_cluster_config::builders::UpdateClusterConfigFluentBuilder;
use aws_sdk_eks::types::builders::VpcConfigRequestBuilder;
use aws_sdk_eks::types::{self as sdk, LogType};

use super::read::describe;
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::request_token;
use crate::eks::updates::{self, Updated};
use crate::error::Error;
use crate::resource::{Changes, Wanted};
use crate::tags::eks as tags;

const CONFIG: Duration = Duration::from_mins(30);
const VERSION: Duration = Duration::from_hours(1);

pub(super) async fn run(
    aws: &Aws,
    wanted: Wanted<'_, Cluster>,
    name: &str,
    changes: Changes<'_>,
) -> Result<(), Error> {
    let body = wanted.body;
    if changes.touch_any(&["endpointPublicAccess", "endpointPrivateAccess", "publicAccessCidrs"]) {
        let network = endpoints(body).build();
        configure(aws, wanted, name, |ask| ask.resources_vpc_config(network.clone())).await?;
    }
    if changes.touch_any(&["subnetIds", "securityGroupIds"]) {
        let network = sdk::VpcConfigRequest::builder()
            .set_subnet_ids(Some(body.subnet_ids.iter().cloned().collect()))
            .set_security_group_ids(Some(body.security_group_ids.iter().cloned().collect()))
            .build();
        configure(aws, wanted, name, |ask| ask.resources_vpc_config(network.clone())).await?;
    }
    if changes.touch("logging") {
        let logging = logging(body);
        configure(aws, wanted, name, |ask| ask.logging(logging.clone())).await?;
    }
    if changes.touch("authenticationMode") {
        let access = sdk::UpdateAccessConfigRequest::builder()
            .authentication_mode(body.authentication_mode.as_str().into())
            .build();
        configure(aws, wanted, name, |ask| ask.access_config(access.clone())).await?;
    }
    if changes.touch("supportType") {
        let kind = body.support_type.as_str().into();
        let policy = sdk::UpgradePolicyRequest::builder().support_type(kind).build();
        configure(aws, wanted, name, |ask| ask.upgrade_policy(policy.clone())).await?;
    }
    if changes.touch("version") {
        upgrade(aws, wanted, name).await?;
    }
    if changes.touch("tags") {
        let there = describe(aws, wanted.id, name).await?;
        let arn = there.and_then(|cluster| cluster.arn).unwrap_or_default();
        tags::put(aws, wanted.id, wanted.tags, &arn).await?;
    }
    Ok(())
}

/// From where the API is reached. Without public access there is nothing to say about ranges.
pub(super) fn endpoints(body: &Cluster) -> VpcConfigRequestBuilder {
    let mut cidrs: Vec<String> = body.public_access_cidrs.iter().cloned().collect();
    if cidrs.is_empty() {
        cidrs.push("0.0.0.0/0".to_owned());
    }
    sdk::VpcConfigRequest::builder()
        .endpoint_public_access(body.endpoint_public_access)
        .endpoint_private_access(body.endpoint_private_access)
        .set_public_access_cidrs(body.endpoint_public_access.then_some(cidrs))
}

/// What is kept and what is not: types that are not named stay as they are.
fn logging(body: &Cluster) -> sdk::Logging {
    let of = |enabled: bool| {
        let types: Vec<LogType> = LogType::values()
            .iter()
            .filter(|name| body.logging.contains(**name) == enabled)
            .map(|name| LogType::from(*name))
            .collect();
        (!types.is_empty()).then(|| sdk::LogSetup::builder().enabled(enabled).set_types(Some(types)).build())
    };
    sdk::Logging::builder()
        .set_cluster_logging(Some([of(true), of(false)].into_iter().flatten().collect()))
        .build()
}

async fn configure(
    aws: &Aws,
    wanted: Wanted<'_, Cluster>,
    name: &str,
    ask: impl Fn(UpdateClusterConfigFluentBuilder) -> UpdateClusterConfigFluentBuilder + Send + Sync,
) -> Result<(), Error> {
    let operation = Operation::repeatable("eks", "UpdateClusterConfig");
    let token = request_token();
    let request = || ask(aws.eks.update_cluster_config().name(name).client_request_token(&token));
    let answer = aws.call(operation, wanted.id, || request().send()).await?;
    updates::done(aws, wanted.id, operation, Updated::cluster(name), answer.update(), CONFIG).await
}

/// Goes up by one minor version at a time, from the version that there is:
/// <https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html>.
async fn upgrade(aws: &Aws, wanted: Wanted<'_, Cluster>, name: &str) -> Result<(), Error> {
    let operation = Operation::repeatable("eks", "UpdateClusterVersion");
    let there = describe(aws, wanted.id, name).await?.and_then(|cluster| cluster.version).unwrap_or_default();
    let steps = steps(&there, &wanted.body.version)
        .map_err(|message| Error::other(wanted.id, "eks:UpdateClusterVersion", message))?;
    for version in steps {
        let token = request_token();
        let send = || {
            aws.eks.update_cluster_version().name(name).version(&version).client_request_token(&token).send()
        };
        let answer = aws.call(operation, wanted.id, send).await?;
        updates::done(aws, wanted.id, operation, Updated::cluster(name), answer.update(), VERSION).await?;
    }
    Ok(())
}

/// The versions on the way, the last one included.
fn steps(there: &str, wanted: &str) -> Result<Vec<String>, String> {
    let parse = |version: &str| -> Option<(u32, u32)> {
        let (major, minor) = version.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let (Some(from), Some(to)) = (parse(there), parse(wanted)) else {
        return Err(format!("cannot tell the way from version `{there}` to version `{wanted}`"));
    };
    if from.0 != to.0 || to.1 < from.1 {
        return Err(format!(
            "the cluster has Kubernetes {there}, which cannot go down to {wanted}: ask for {there} or newer"
        ));
    }
    Ok((from.1 + 1..=to.1).map(|minor| format!("{}.{minor}", to.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_goes_up_version_by_version() {
        assert_eq!(steps("1.33", "1.35").unwrap(), ["1.34", "1.35"]);
        assert!(steps("1.35", "1.35").unwrap().is_empty());
    }

    #[test]
    fn a_cluster_never_goes_down() {
        let refused = steps("1.35", "1.34").unwrap_err();
        assert!(refused.contains("cannot go down to 1.34"), "{refused}");
        assert!(steps("", "1.34").is_err());
    }
}
