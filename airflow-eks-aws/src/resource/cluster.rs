//! An EKS cluster.

mod create;
pub(super) mod read;
mod update;

use airflow_eks_core::aws_resources::{AwsKind, Cluster};
use airflow_eks_core::graph::AwsId;
use aws_sdk_eks::types::{ClusterHealth, ClusterStatus};
use futures::{StreamExt as _, TryStreamExt as _};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{clusters, health};
use crate::error::{Class, Error, gone};
use crate::tags::eks as tags;

impl Manage for Cluster {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.name.as_str();
        let Some(cluster) = read::describe(aws, wanted.id, name).await? else { return Ok(None) };
        let tags = tags::read(cluster.tags());
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: read::body(&cluster, wanted.body),
            ownership: aws.ownership(&tags),
            tags,
            attributes: read::attributes(&cluster),
            readiness: read::readiness(&cluster),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        create::run(aws, wanted).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        update::run(aws, wanted, physical_id, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let there = read::describe(aws, physical_id, physical_id).await?;
        if there.is_none_or(|cluster| cluster.status() == Some(&ClusterStatus::Deleting)) {
            return Ok(());
        }
        gone(
            aws.call(Operation::delete("eks", "DeleteCluster"), physical_id, || {
                aws.eks.delete_cluster().name(physical_id).send()
            })
            .await,
        )
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let Some(cluster) = read::describe(aws, physical_id, physical_id).await? else { return Ok(true) };
        if cluster.status() == Some(&ClusterStatus::Failed) {
            let issues = cluster.health().map(ClusterHealth::issues).unwrap_or_default();
            let message = health::explained("the cluster could not be deleted", issues);
            return Err(Error::other(physical_id, "eks:DeleteCluster", message));
        }
        Ok(false)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let names = clusters::names(aws, AwsKind::Cluster).await?;
        let asked = names.into_iter().map(|name| async move {
            let there = match read::describe(aws, AwsKind::Cluster, &name).await {
                // Somebody else's: the stack's own has its name.
                Err(error) if error.class == Class::Denied && name != aws.stack => {
                    tracing::warn!(cluster = name, "not looked into: {}", error.failure);
                    None
                }
                there => there?,
            };
            let id = there.and_then(|cluster| aws.marked(&tags::read(cluster.tags())));
            Ok::<_, Error>(id.filter(|id| id.kind == AwsKind::Cluster).map(|id| (id, name)))
        });
        let found: Vec<_> = futures::stream::iter(asked).buffer_unordered(4).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }
}
