//! What EKS says of an add-on, in our shape.

use airflow_eks_core::aws_resources::{Addon, AwsKind, Tags};
use airflow_eks_core::engine::Readiness;
use aws_sdk_eks::types::{self as sdk, AddonStatus};

use super::configuration;
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{health, physical_id};
use crate::error::{Error, found};
use crate::tags::eks as tags;

/// An add-on by the names of its cluster and its own.
pub(super) async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    name: &str,
) -> Result<Option<sdk::Addon>, Error> {
    let send = || aws.eks.describe_addon().cluster_name(cluster).addon_name(name).send();
    let answer = aws.call(Operation::read("eks", "DescribeAddon"), resource, send).await;
    Ok(found(answer)?.and_then(|answer| answer.addon))
}

/// The fields of an add-on. A version that nobody asked for does not show.
pub(super) fn body(addon: &sdk::Addon, wanted: &Addon) -> Addon {
    let version = wanted.addon_version.is_some();
    Addon {
        cluster_name: addon.cluster_name().unwrap_or_default().to_owned(),
        addon_name: addon.addon_name().unwrap_or_default().to_owned(),
        addon_version: version.then(|| addon.addon_version().unwrap_or_default().to_owned()),
        service_account_role_arn: addon.service_account_role_arn().map(str::to_owned),
        configuration_values: configuration::read(
            addon.configuration_values(),
            wanted.configuration_values.as_ref(),
        ),
    }
}

/// Whether it runs. One whose pods have no nodes yet is degraded, and recovers with the first ones. After a failed
/// update the one before it goes on; it is tried again where something still differs.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/add-ons-health.html>.
pub(super) fn readiness(addon: &sdk::Addon, as_wanted: bool) -> Readiness {
    let issues = addon.health().map(sdk::AddonHealth::issues).unwrap_or_default();
    let told = health::explained(addon.status().map_or("unknown", AddonStatus::as_str), issues);
    match addon.status() {
        Some(AddonStatus::Active) => Readiness::Ready,
        Some(AddonStatus::UpdateFailed) if !as_wanted => Readiness::Ready,
        Some(AddonStatus::CreateFailed | AddonStatus::DeleteFailed | AddonStatus::UpdateFailed) => {
            Readiness::Failed(told)
        }
        _ => Readiness::InProgress(told),
    }
}

/// Tags and physical id of every add-on of a cluster.
pub(super) async fn tagged(aws: &Aws, cluster: String) -> Result<Vec<(Tags, String)>, Error> {
    let kind = AwsKind::Addon;
    let operation = Operation::read("eks", "ListAddons");
    let send = |token| aws.eks.list_addons().cluster_name(&cluster).set_next_token(token).send();
    let names = aws.every_page(operation, kind, send, |page| (page.addons, page.next_token)).await?;
    let mut tagged = Vec::new();
    for name in names {
        let addon = describe(aws, kind, &cluster, &name).await?;
        tagged.extend(addon.map(|addon| (tags::read(addon.tags()), physical_id(&cluster, &name))));
    }
    Ok(tagged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(status: AddonStatus, as_wanted: bool) -> Readiness {
        let issue = sdk::AddonIssue::builder()
            .code(sdk::AddonIssueCode::InsufficientNumberOfReplicas)
            .message("no nodes")
            .build();
        let health = sdk::AddonHealth::builder().issues(issue).build();
        readiness(&sdk::Addon::builder().status(status).health(health).build(), as_wanted)
    }

    #[test]
    fn a_degraded_add_on_waits_for_nodes_and_a_failed_one_does_not() {
        let why = |status: &str| format!("{status}: InsufficientNumberOfReplicas: no nodes");
        assert_eq!(with(AddonStatus::Degraded, true), Readiness::InProgress(why("DEGRADED")));
        assert_eq!(with(AddonStatus::CreateFailed, true), Readiness::Failed(why("CREATE_FAILED")));
        assert_eq!(with(AddonStatus::UpdateFailed, true), Readiness::Failed(why("UPDATE_FAILED")));
        assert_eq!(with(AddonStatus::UpdateFailed, false), Readiness::Ready);
    }
}
