//! An EKS add-on.

mod configuration;
mod read;
mod version;

use std::collections::BTreeMap;
use std::time::Duration;

use airflow_eks_core::aws_resources::{Addon, AwsKind, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eks::types::{AddonStatus, ResolveConflicts};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::updates::{self, Updated};
use crate::eks::{clusters, in_cluster, physical_id, request_token};
use crate::error::{Error, gone};
use crate::tags::eks as tags;

const UPDATE: Duration = Duration::from_mins(20);

/// What the stack says counts, and what others changed in the cluster is changed back. The fields that autoscalers and
/// the like own are no conflict: EKS leaves alone what it does not manage.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html>.
const CONFLICTS: ResolveConflicts = ResolveConflicts::Overwrite;

impl Manage for Addon {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let (cluster, name) = (&wanted.body.cluster_name, &wanted.body.addon_name);
        if !is_known(cluster) || !is_known(name) {
            return Ok(None);
        }
        let Some(addon) = read::describe(aws, wanted.id, cluster, name).await? else { return Ok(None) };
        let tags = tags::read(addon.tags());
        let body = read::body(&addon, wanted.body);
        let arn = addon.addon_arn().unwrap_or_default();
        Ok(Some(Found {
            physical_id: physical_id(cluster, name),
            ownership: aws.ownership(&tags),
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            tags,
            readiness: read::readiness(&addon, body == *wanted.body),
            body,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let body = wanted.body;
        let version = match &body.addon_version {
            Some(version) => version.clone(),
            None => version::default(aws, wanted).await?,
        };
        let request = aws
            .eks
            .create_addon()
            .cluster_name(&body.cluster_name)
            .addon_name(&body.addon_name)
            .addon_version(version)
            .set_service_account_role_arn(body.service_account_role_arn.clone())
            .set_configuration_values(body.configuration_values.as_ref().map(ToString::to_string))
            .resolve_conflicts(CONFLICTS)
            .set_tags(Some(tags::write(wanted.tags)))
            .client_request_token(request_token());
        let operation = Operation::repeatable("eks", "CreateAddon");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    /// Says everything again: what an update leaves out, such as the role, goes back to EKS's default.
    /// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html>.
    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let body = wanted.body;
        if changes.touch_any(&["addonVersion", "serviceAccountRoleArn", "configurationValues"]) {
            let settings = changes.touch("configurationValues") || body.configuration_values.is_some();
            let request = aws
                .eks
                .update_addon()
                .cluster_name(cluster)
                .addon_name(name)
                .set_addon_version(body.addon_version.clone())
                .set_service_account_role_arn(body.service_account_role_arn.clone())
                .set_configuration_values(
                    settings.then(|| configuration::text(body.configuration_values.as_ref())),
                )
                .resolve_conflicts(CONFLICTS)
                .client_request_token(request_token());
            let operation = Operation::repeatable("eks", "UpdateAddon");
            let answer = aws.call(operation, wanted.id, || request.clone().send()).await?;
            let updated = Updated::addon(cluster, name);
            updates::done(aws, wanted.id, operation, updated, answer.update(), UPDATE).await?;
        }
        if changes.touch("tags") {
            let addon = read::describe(aws, wanted.id, cluster, name).await?;
            let arn = addon.and_then(|addon| addon.addon_arn).unwrap_or_default();
            tags::put(aws, wanted.id, wanted.tags, &arn).await?;
        }
        Ok(())
    }

    /// With what it runs in the cluster.
    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let there = read::describe(aws, physical_id, cluster, name).await?;
        if there.is_none_or(|addon| addon.status() == Some(&AddonStatus::Deleting)) {
            return Ok(());
        }
        let send = || aws.eks.delete_addon().cluster_name(cluster).addon_name(name).preserve(false).send();
        gone(aws.call(Operation::delete("eks", "DeleteAddon"), physical_id, send).await)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let Some(addon) = read::describe(aws, physical_id, cluster, name).await? else { return Ok(true) };
        match read::readiness(&addon, true) {
            Readiness::Failed(why) if addon.status() == Some(&AddonStatus::DeleteFailed) => {
                Err(Error::other(physical_id, "eks:DeleteAddon", why))
            }
            _ => Ok(false),
        }
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        clusters::owned(aws, AwsKind::Addon, read::tagged).await
    }
}
