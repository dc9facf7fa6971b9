//! Making a cluster.

use std::sync::Mutex;

use airflow_eks_core::aws_resources::Cluster;
use aws_sdk_eks::operation::create_cluster::CreateClusterError;
use aws_sdk_eks::types as sdk;

use super::update::endpoints;
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::request_token;
use crate::error::Error;
use crate::resource::Wanted;
use crate::tags::eks as tags;

pub(super) async fn run(aws: &Aws, wanted: Wanted<'_, Cluster>) -> Result<(), Error> {
    let body = wanted.body;
    let token = request_token();
    let access = sdk::CreateAccessConfigRequest::builder()
        .authentication_mode(body.authentication_mode.as_str().into())
        .bootstrap_cluster_creator_admin_permissions(body.bootstrap_cluster_creator_admin_permissions)
        .build();
    let upgrades =
        sdk::UpgradePolicyRequest::builder().support_type(body.support_type.as_str().into()).build();
    let network = endpoints(body)
        .set_subnet_ids(Some(body.subnet_ids.iter().cloned().collect()))
        .set_security_group_ids(Some(body.security_group_ids.iter().cloned().collect()))
        .build();
    let kept = sdk::LogSetup::builder()
        .enabled(true)
        .set_types(Some(body.logging.iter().map(|kind| kind.as_str().into()).collect()))
        .build();
    let logging = (!body.logging.is_empty()).then(|| sdk::Logging::builder().cluster_logging(kept).build());
    let encryption = body.encryption_key_arn.as_ref().map(|key| vec![encrypted(key)]);
    let request = aws
        .eks
        .create_cluster()
        .name(&body.name)
        .version(&body.version)
        .role_arn(&body.role_arn)
        .resources_vpc_config(network)
        .set_logging(logging)
        .set_encryption_config(encryption)
        .access_config(access)
        .upgrade_policy(upgrades)
        // The stack brings networking and DNS as add-ons, which can be configured and updated.
        .bootstrap_self_managed_addons(false)
        .client_request_token(token)
        .set_tags(Some(tags::write(wanted.tags)));
    // Which zones would do stands in a field of the answer alone.
    let zones = Mutex::new(Vec::new());
    let send = || async {
        let answer = request.clone().send().await;
        if let Err(error) = &answer
            && let Some(CreateClusterError::UnsupportedAvailabilityZoneException(refused)) =
                error.as_service_error()
            && let Ok(mut zones) = zones.lock()
        {
            *zones = refused.valid_zones().to_vec();
        }
        answer
    };
    let answer = aws.call(Operation::repeatable("eks", "CreateCluster"), wanted.id, send).await;
    answer.map(drop).map_err(|error| with_zones(error, zones.into_inner().unwrap_or_default()))
}

/// Secrets are all that can be named. EKS now encrypts everything whatever is named here, and its API still takes the name.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_EncryptionConfig.html>.
#[expect(deprecated, reason = "where EKS still goes by what is named, naming nothing is refused")]
fn encrypted(key: &str) -> sdk::EncryptionConfig {
    let provider = sdk::Provider::builder().key_arn(key).build();
    sdk::EncryptionConfig::builder().provider(provider).resources("secrets").build()
}

fn with_zones(mut error: Error, zones: Vec<String>) -> Error {
    if !zones.is_empty() {
        error.failure.hint =
            Some(format!("use subnets in other zones: EKS has room in {}", zones.join(", ")));
    }
    error
}
