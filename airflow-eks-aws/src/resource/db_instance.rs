//! An RDS instance.

mod delete;
mod read;
mod update;

use airflow_eks_core::aws_resources::{AwsKind, DbInstance, is_known};
use airflow_eks_core::graph::AwsId;

use super::{Changes, Found, Manage, Wanted, db_password};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::tags::rds as tags;

impl Manage for DbInstance {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.db_instance_identifier.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let Some(instance) = read::describe(aws, wanted.id, name).await? else { return Ok(None) };
        let tags = tags::read(instance.tag_list());
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body: read::body(&instance, wanted.body),
            ownership: aws.ownership(&tags),
            tags,
            attributes: read::attributes(&instance),
            readiness: read::readiness(&instance),
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let body = wanted.body;
        let password = db_password::read(aws, wanted.id, &body.master_user_password_secret).await?;
        let grows =
            (body.max_allocated_storage > body.allocated_storage).then_some(body.max_allocated_storage);
        let request = aws
            .rds
            .create_db_instance()
            .db_instance_identifier(&body.db_instance_identifier)
            .db_name(&body.db_name)
            .engine(&body.engine)
            .engine_version(&body.engine_version)
            .db_instance_class(&body.db_instance_class)
            .allocated_storage(body.allocated_storage)
            .set_max_allocated_storage(grows)
            .storage_type(&body.storage_type)
            .storage_encrypted(body.storage_encrypted)
            .multi_az(body.multi_az)
            .db_subnet_group_name(&body.db_subnet_group_name)
            .set_vpc_security_group_ids(Some(body.vpc_security_group_ids.iter().cloned().collect()))
            .db_parameter_group_name(&body.db_parameter_group_name)
            .publicly_accessible(body.publicly_accessible)
            .master_username(&body.master_username)
            .master_user_password(password.reveal())
            .backup_retention_period(body.backup_retention_period)
            .deletion_protection(body.deletion_protection)
            .auto_minor_version_upgrade(body.auto_minor_version_upgrade)
            .copy_tags_to_snapshot(body.copy_tags_to_snapshot)
            .enable_performance_insights(body.enable_performance_insights)
            .monitoring_interval(body.monitoring_interval)
            .set_monitoring_role_arn(body.monitoring_role_arn.clone())
            .set_enable_cloudwatch_logs_exports(Some(
                body.enable_cloudwatch_logs_exports.iter().cloned().collect(),
            ))
            .set_tags(Some(tags::write(wanted.tags)));
        let operation = Operation::repeatable("rds", "CreateDBInstance");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
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
        delete::run(aws, physical_id).await
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        Ok(read::describe(aws, physical_id, physical_id).await?.is_none())
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let kind = AwsKind::DbInstance;
        let operation = Operation::read("rds", "DescribeDBInstances");
        let send = |marker| aws.rds.describe_db_instances().set_marker(marker).send();
        let instances =
            aws.every_page(operation, kind, send, |page| (page.db_instances, page.marker)).await?;
        let owned = instances.into_iter().filter_map(|instance| {
            let id = aws.marked(&tags::read(instance.tag_list())).filter(|id| id.kind == kind)?;
            Some((id, instance.db_instance_identifier?))
        });
        Ok(owned.collect())
    }
}
