//! A Fargate profile.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, FargateProfile, FargateSelector, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eks::types::{self as sdk, FargateProfileStatus};
use tokio::sync::Mutex;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{clusters, health, in_cluster, physical_id, request_token};
use crate::error::{Error, found, gone};
use crate::tags::eks as tags;

/// A cluster makes or deletes one profile at a time, and refuses others meanwhile. One of them asks again until it may;
/// the others wait here.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateFargateProfile.html>.
static TURN: Mutex<()> = Mutex::const_new(());

impl Manage for FargateProfile {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let (cluster, name) = (&wanted.body.cluster_name, &wanted.body.fargate_profile_name);
        if !is_known(cluster) || !is_known(name) {
            return Ok(None);
        }
        let Some(profile) = describe(aws, wanted.id, cluster, name).await? else { return Ok(None) };
        let tags = tags::read(profile.tags());
        let arn = profile.fargate_profile_arn().unwrap_or_default();
        Ok(Some(Found {
            physical_id: physical_id(cluster, name),
            body: Self {
                cluster_name: cluster.clone(),
                fargate_profile_name: name.clone(),
                pod_execution_role_arn: profile.pod_execution_role_arn().unwrap_or_default().to_owned(),
                subnets: profile.subnets().iter().cloned().collect(),
                selectors: profile.selectors().iter().map(selector).collect(),
            },
            ownership: aws.ownership(&tags),
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            tags,
            readiness: readiness(&profile),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let token = request_token();
        let selectors = wanted.body.selectors.iter().map(|selector| {
            let labels = selector.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            let wanted = sdk::FargateProfileSelector::builder().namespace(&selector.namespace);
            wanted.set_labels(Some(labels)).build()
        });
        let request = aws
            .eks
            .create_fargate_profile()
            .cluster_name(&wanted.body.cluster_name)
            .fargate_profile_name(&wanted.body.fargate_profile_name)
            .pod_execution_role_arn(&wanted.body.pod_execution_role_arn)
            .set_subnets(Some(wanted.body.subnets.iter().cloned().collect()))
            .set_selectors(Some(selectors.collect()))
            .set_tags(Some(tags::write(wanted.tags)))
            .client_request_token(token);
        let _turn = TURN.lock().await;
        let operation = Operation::repeatable("eks", "CreateFargateProfile");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    /// Only tags of a profile can be changed.
    async fn update(aws: &Aws, wanted: Wanted<'_, Self>, _: &str, changes: Changes<'_>) -> Result<(), Error> {
        if changes.touch("tags") {
            let (cluster, name) = (&wanted.body.cluster_name, &wanted.body.fargate_profile_name);
            let profile = describe(aws, wanted.id, cluster, name).await?;
            let arn = profile.and_then(|profile| profile.fargate_profile_arn).unwrap_or_default();
            tags::put(aws, wanted.id, wanted.tags, &arn).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let there = describe(aws, physical_id, cluster, name).await?;
        if there.is_none_or(|profile| profile.status() == Some(&FargateProfileStatus::Deleting)) {
            return Ok(());
        }
        let _turn = TURN.lock().await;
        let send =
            || aws.eks.delete_fargate_profile().cluster_name(cluster).fargate_profile_name(name).send();
        gone(aws.call(Operation::delete("eks", "DeleteFargateProfile"), physical_id, send).await)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let Some(profile) = describe(aws, physical_id, cluster, name).await? else { return Ok(true) };
        match readiness(&profile) {
            Readiness::Failed(why) => Err(Error::other(physical_id, "eks:DeleteFargateProfile", why)),
            _ => Ok(false),
        }
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        clusters::owned(aws, AwsKind::FargateProfile, tagged).await
    }
}

async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    name: &str,
) -> Result<Option<sdk::FargateProfile>, Error> {
    let send = || aws.eks.describe_fargate_profile().cluster_name(cluster).fargate_profile_name(name).send();
    let answer = aws.call(Operation::read("eks", "DescribeFargateProfile"), resource, send).await;
    Ok(found(answer)?.and_then(|answer| answer.fargate_profile))
}

fn selector(selector: &sdk::FargateProfileSelector) -> FargateSelector {
    let labels = selector.labels().into_iter().flatten();
    FargateSelector {
        namespace: selector.namespace().unwrap_or_default().to_owned(),
        labels: labels.map(|(key, value)| (key.clone(), value.clone())).collect(),
    }
}

fn readiness(profile: &sdk::FargateProfile) -> Readiness {
    let issues = profile.health().map(sdk::FargateProfileHealth::issues).unwrap_or_default();
    let status = profile.status().map_or("unknown", FargateProfileStatus::as_str);
    let told = health::explained(status, issues);
    match profile.status() {
        Some(FargateProfileStatus::Active) => Readiness::Ready,
        Some(FargateProfileStatus::CreateFailed | FargateProfileStatus::DeleteFailed) => {
            Readiness::Failed(told)
        }
        _ => Readiness::InProgress(told),
    }
}

async fn tagged(aws: &Aws, cluster: String) -> Result<Vec<(Tags, String)>, Error> {
    let kind = AwsKind::FargateProfile;
    let operation = Operation::read("eks", "ListFargateProfiles");
    let send = |token| aws.eks.list_fargate_profiles().cluster_name(&cluster).set_next_token(token).send();
    let names =
        aws.every_page(operation, kind, send, |page| (page.fargate_profile_names, page.next_token)).await?;
    let mut tagged = Vec::new();
    for name in names {
        let profile = describe(aws, kind, &cluster, &name).await?;
        tagged.extend(profile.map(|profile| (tags::read(profile.tags()), physical_id(&cluster, &name))));
    }
    Ok(tagged)
}
