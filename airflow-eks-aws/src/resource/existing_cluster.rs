//! An EKS cluster that was there before: only read.

use airflow_eks_core::aws_resources::ExistingCluster;
use airflow_eks_core::engine::Ownership;
use airflow_eks_core::graph::AwsId;

use super::cluster::read as cluster;
use super::{Changes, Found, Manage, Wanted};
use crate::clients::Aws;
use crate::error::Error;
use crate::tags::eks as tags;

impl Manage for ExistingCluster {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.name.as_str();
        let Some(there) = cluster::describe(aws, wanted.id, name).await? else { return Ok(None) };
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: wanted.body.clone(),
            // Its tags are its owner's. The wanted ones are shown, so that none is missed.
            tags: tags::read(there.tags()).into_iter().chain(wanted.tags.clone()).collect(),
            attributes: cluster::attributes(&there),
            readiness: cluster::readiness(&there),
            ownership: Ownership::Ours,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let message = format!(
            "cluster `{}` does not exist in {}: name one that does, or let the stack have a cluster of its own",
            wanted.body.name, aws.region
        );
        Err(Error::other(wanted.id, "eks:DescribeCluster", message))
    }

    async fn update(_: &Aws, _: Wanted<'_, Self>, _: &str, _: Changes<'_>) -> Result<(), Error> {
        Ok(())
    }

    async fn delete(_: &Aws, _: &str) -> Result<(), Error> {
        Ok(())
    }

    async fn owned(_: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        Ok(Vec::new())
    }
}
