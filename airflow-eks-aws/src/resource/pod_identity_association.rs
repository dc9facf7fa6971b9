//! Which IAM role a service account stands for.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, PodIdentityAssociation, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eks::operation::list_pod_identity_associations::builders::ListPodIdentityAssociationsFluentBuilder;
use aws_sdk_eks::types as sdk;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{clusters, in_cluster, physical_id, request_token};
use crate::error::{Error, found, gone};
use crate::tags::eks as tags;

impl Manage for PodIdentityAssociation {
    /// A service account has at most one association:
    /// <https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html>.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let Self { cluster_name: cluster, namespace, service_account, .. } = wanted.body;
        if ![cluster, namespace, service_account].into_iter().all(|text| is_known(text)) {
            return Ok(None);
        }
        let of_account = |ask: ListPodIdentityAssociationsFluentBuilder| {
            ask.namespace(namespace).service_account(service_account)
        };
        let Some(ids) = found(list(aws, wanted.id, cluster, of_account).await)? else { return Ok(None) };
        let Some(id) = ids.first() else { return Ok(None) };
        let Some(there) = describe(aws, wanted.id, cluster, id).await? else { return Ok(None) };
        let tags = tags::read(there.tags());
        Ok(Some(Found {
            physical_id: physical_id(cluster, id),
            body: Self {
                cluster_name: cluster.clone(),
                namespace: there.namespace().unwrap_or_default().to_owned(),
                service_account: there.service_account().unwrap_or_default().to_owned(),
                role_arn: there.role_arn().unwrap_or_default().to_owned(),
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([
                (Attribute::Id, id.clone()),
                (Attribute::Arn, there.association_arn().unwrap_or_default().to_owned()),
            ]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let token = request_token();
        let send = || {
            aws.eks
                .create_pod_identity_association()
                .cluster_name(&wanted.body.cluster_name)
                .namespace(&wanted.body.namespace)
                .service_account(&wanted.body.service_account)
                .role_arn(&wanted.body.role_arn)
                .set_tags(Some(tags::write(wanted.tags)))
                .client_request_token(&token)
                .send()
        };
        aws.call(Operation::repeatable("eks", "CreatePodIdentityAssociation"), wanted.id, send).await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        let (cluster, id) = in_cluster(physical_id)?;
        if changes.touch("roleArn") {
            let token = request_token();
            let send = || {
                aws.eks
                    .update_pod_identity_association()
                    .cluster_name(cluster)
                    .association_id(id)
                    .role_arn(&wanted.body.role_arn)
                    .client_request_token(&token)
                    .send()
            };
            aws.call(Operation::repeatable("eks", "UpdatePodIdentityAssociation"), wanted.id, send).await?;
        }
        if changes.touch("tags") {
            let there = describe(aws, wanted.id, cluster, id).await?;
            let arn = there.and_then(|association| association.association_arn).unwrap_or_default();
            tags::put(aws, wanted.id, wanted.tags, &arn).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let (cluster, id) = in_cluster(physical_id)?;
        let send =
            || aws.eks.delete_pod_identity_association().cluster_name(cluster).association_id(id).send();
        gone(aws.call(Operation::delete("eks", "DeletePodIdentityAssociation"), physical_id, send).await)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        clusters::owned(aws, AwsKind::PodIdentityAssociation, tagged).await
    }
}

async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    id: &str,
) -> Result<Option<sdk::PodIdentityAssociation>, Error> {
    let send = || aws.eks.describe_pod_identity_association().cluster_name(cluster).association_id(id).send();
    let answer = aws.call(Operation::read("eks", "DescribePodIdentityAssociation"), resource, send).await;
    Ok(found(answer)?.and_then(|answer| answer.association))
}

/// The ids of the associations that `narrow` asks for.
async fn list(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    narrow: impl Fn(ListPodIdentityAssociationsFluentBuilder) -> ListPodIdentityAssociationsFluentBuilder
    + Send
    + Sync,
) -> Result<Vec<String>, Error> {
    let operation = Operation::read("eks", "ListPodIdentityAssociations");
    let send = |token| {
        let list = aws.eks.list_pod_identity_associations().cluster_name(cluster);
        narrow(list.set_next_token(token)).send()
    };
    let all = aws.every_page(operation, resource, send, |page| (page.associations, page.next_token)).await?;
    Ok(all.into_iter().filter_map(|one| one.association_id).collect())
}

async fn tagged(aws: &Aws, cluster: String) -> Result<Vec<(Tags, String)>, Error> {
    let kind = AwsKind::PodIdentityAssociation;
    let mut tagged = Vec::new();
    for id in list(aws, kind, &cluster, |ask| ask).await? {
        let there = describe(aws, kind, &cluster, &id).await?;
        tagged.extend(there.map(|one| (tags::read(one.tags()), physical_id(&cluster, &id))));
    }
    Ok(tagged)
}
