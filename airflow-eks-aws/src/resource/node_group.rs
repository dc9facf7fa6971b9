//! A managed node group.

mod read;
mod update;

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, NodeGroup, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eks::types::{self as sdk, NodegroupStatus};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{clusters, in_cluster, physical_id, request_token};
use crate::error::{Error, gone};
use crate::tags::eks as tags;

impl Manage for NodeGroup {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let (cluster, name) = (&wanted.body.cluster_name, &wanted.body.nodegroup_name);
        if !is_known(cluster) || !is_known(name) {
            return Ok(None);
        }
        let Some(group) = read::describe(aws, wanted.id, cluster, name).await? else { return Ok(None) };
        let tags = tags::read(group.tags());
        let arn = group.nodegroup_arn().unwrap_or_default();
        Ok(Some(Found {
            physical_id: physical_id(cluster, name),
            body: read::body(&group),
            ownership: aws.ownership(&tags),
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            tags,
            readiness: read::readiness(&group),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let body = wanted.body;
        let template = sdk::LaunchTemplateSpecification::builder()
            .id(&body.launch_template_id)
            .version(&body.launch_template_version)
            .build();
        let sizes = sdk::NodegroupScalingConfig::builder()
            .min_size(body.min_size)
            .max_size(body.max_size)
            .desired_size(body.desired_size)
            .build();
        let labels = body.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let request = aws
            .eks
            .create_nodegroup()
            .cluster_name(&body.cluster_name)
            .nodegroup_name(&body.nodegroup_name)
            .version(&body.version)
            .node_role(&body.node_role)
            .set_subnets(Some(body.subnets.iter().cloned().collect()))
            .set_instance_types(Some(body.instance_types.clone()))
            .ami_type(body.ami_type.as_str().into())
            .capacity_type(body.capacity_type.as_str().into())
            .scaling_config(sizes)
            .update_config(update::careful(body))
            .set_labels(Some(labels))
            .set_taints(Some(body.taints.iter().map(update::taint).collect()))
            .launch_template(template)
            .set_tags(Some(tags::write(wanted.tags)))
            .client_request_token(request_token());
        let operation = Operation::repeatable("eks", "CreateNodegroup");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        _physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        update::run(aws, wanted, changes).await
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let there = read::describe(aws, physical_id, cluster, name).await?;
        if there.is_none_or(|group| group.status() == Some(&NodegroupStatus::Deleting)) {
            return Ok(());
        }
        let send = || aws.eks.delete_nodegroup().cluster_name(cluster).nodegroup_name(name).send();
        gone(aws.call(Operation::delete("eks", "DeleteNodegroup"), physical_id, send).await)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let (cluster, name) = in_cluster(physical_id)?;
        let Some(group) = read::describe(aws, physical_id, cluster, name).await? else { return Ok(true) };
        match read::readiness(&group) {
            Readiness::Failed(why) => Err(Error::other(physical_id, "eks:DeleteNodegroup", why)),
            _ => Ok(false),
        }
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        clusters::owned(aws, AwsKind::NodeGroup, read::tagged).await
    }
}
