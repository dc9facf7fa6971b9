//! Changing an RDS instance: all at once, and at once.
//!
//! See <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html>.

use std::time::Duration;

use airflow_eks_core::aws_resources::DbInstance;
use airflow_eks_core::engine::Readiness;
use aws_sdk_rds::types::{self as sdk, CloudwatchLogsExportConfiguration, PendingModifiedValues};
use serde_json::Value;

use super::read;
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::resource::{Changes, Wanted};
use crate::tags::rds as tags;
use crate::wait::until;

const OPERATION: Operation = Operation::repeatable("rds", "ModifyDBInstance");
/// Another class, another major version or a second zone takes long.
const DEADLINE: Duration = Duration::from_hours(2);

/// A version of an engine. What it does not say comes before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u32,
    pub(super) minor: Option<u32>,
}

impl Version {
    pub(super) fn of(text: &str) -> Self {
        let mut numbers = text.split(['.', '-']).map(|number| number.parse().ok());
        Self { major: numbers.next().flatten().unwrap_or_default(), minor: numbers.next().flatten() }
    }
}

pub(super) async fn run(
    aws: &Aws,
    wanted: Wanted<'_, DbInstance>,
    name: &str,
    changes: Changes<'_>,
) -> Result<(), Error> {
    let there = read::describe(aws, wanted.id, name).await?.ok_or_else(|| {
        Error::other(wanted.id, "rds:DescribeDBInstances", "the instance is gone: run again to make it anew")
    })?;
    if changes.touch("tags") {
        let arn = there.db_instance_arn().unwrap_or_default();
        tags::put(aws, wanted.id, wanted.tags, arn).await?;
    }
    if !fields_of(wanted.body).iter().any(|(field, _)| changes.touch(field)) {
        return Ok(());
    }
    possible(&there, wanted.body, changes)
        .map_err(|message| Error::other(wanted.id, "rds:ModifyDBInstance", message))?;
    modify(aws, wanted, name, &there, changes).await?;
    until(DEADLINE, || settled(aws, wanted, name, changes)).await?.ok_or_else(|| {
        let mut error = Error::other(wanted.id, "rds:ModifyDBInstance", "is not done after two hours");
        error.failure.hint = Some("RDS goes on with it: run again later".to_owned());
        error
    })
}

/// Refuses what RDS would refuse in words that say nothing.
fn possible(there: &sdk::DbInstance, wanted: &DbInstance, changes: Changes<'_>) -> Result<(), String> {
    let version = there.engine_version().unwrap_or_default();
    let (now, asked) = (Version::of(version), Version::of(&wanted.engine_version));
    let lower = asked.major < now.major || asked.major == now.major && asked.minor < now.minor;
    if changes.touch("engineVersion") && lower {
        return Err(format!(
            "the database has version {version}, which cannot go down to {}: ask for {version} or newer",
            wanted.engine_version
        ));
    }
    let size = there.allocated_storage().unwrap_or_default();
    if changes.touch("allocatedStorage") && wanted.allocated_storage < size {
        return Err(format!(
            "the disk has {size} GiB and cannot shrink to {}: ask for {size} or more",
            wanted.allocated_storage
        ));
    }
    Ok(())
}

async fn modify(
    aws: &Aws,
    wanted: Wanted<'_, DbInstance>,
    name: &str,
    there: &sdk::DbInstance,
    changes: Changes<'_>,
) -> Result<(), Error> {
    let body = wanted.body;
    let size = body.allocated_storage.max(there.allocated_storage().unwrap_or_default());
    let major = Version::of(&body.engine_version).major
        > Version::of(there.engine_version().unwrap_or_default()).major;
    let logs = changes.touch("enableCloudwatchLogsExports").then(|| logs(there, body));
    // A field where it changes, and nothing where it does not.
    macro_rules! changed {
        ($field:literal, $value:expr) => {
            changes.touch($field).then(|| $value)
        };
    }
    let request = aws
        .rds
        .modify_db_instance()
        .db_instance_identifier(name)
        .apply_immediately(true)
        .set_engine_version(changed!("engineVersion", body.engine_version.clone()))
        .set_allow_major_version_upgrade((changes.touch("engineVersion") && major).then_some(true))
        .set_db_instance_class(changed!("dbInstanceClass", body.db_instance_class.clone()))
        .set_allocated_storage(changed!("allocatedStorage", body.allocated_storage))
        // A bound at the size is how growing is turned off.
        .set_max_allocated_storage(changed!("maxAllocatedStorage", body.max_allocated_storage.max(size)))
        .set_storage_type(changed!("storageType", body.storage_type.clone()))
        .set_multi_az(changed!("multiAZ", body.multi_az))
        .set_vpc_security_group_ids(changed!(
            "vpcSecurityGroupIds",
            body.vpc_security_group_ids.iter().cloned().collect()
        ))
        .set_db_parameter_group_name(changed!("dbParameterGroupName", body.db_parameter_group_name.clone()))
        .set_publicly_accessible(changed!("publiclyAccessible", body.publicly_accessible))
        .set_backup_retention_period(changed!("backupRetentionPeriod", body.backup_retention_period))
        .set_deletion_protection(changed!("deletionProtection", body.deletion_protection))
        .set_auto_minor_version_upgrade(changed!("autoMinorVersionUpgrade", body.auto_minor_version_upgrade))
        .set_copy_tags_to_snapshot(changed!("copyTagsToSnapshot", body.copy_tags_to_snapshot))
        .set_enable_performance_insights(changed!(
            "enablePerformanceInsights",
            body.enable_performance_insights
        ))
        .set_cloudwatch_logs_export_configuration(logs);
    // Interval and role are one setting.
    let request = if changes.touch_any(&["monitoringInterval", "monitoringRoleArn"]) {
        let role = body.monitoring_role_arn.clone().filter(|_| body.monitoring_interval > 0);
        request.monitoring_interval(body.monitoring_interval).set_monitoring_role_arn(role)
    } else {
        request
    };
    aws.call(OPERATION, wanted.id, || request.clone().send()).await?;
    Ok(())
}

fn logs(there: &sdk::DbInstance, body: &DbInstance) -> CloudwatchLogsExportConfiguration {
    let there = there.enabled_cloudwatch_logs_exports();
    let new = body.enable_cloudwatch_logs_exports.iter().filter(|kind| !there.contains(kind));
    let gone = there.iter().filter(|kind| !body.enable_cloudwatch_logs_exports.contains(*kind));
    CloudwatchLogsExportConfiguration::builder()
        .set_enable_log_types(Some(new.cloned().collect()))
        .set_disable_log_types(Some(gone.cloned().collect()))
        .build()
}

/// Whether the change is done: RDS takes a moment before it even says that it has begun.
async fn settled(
    aws: &Aws,
    wanted: Wanted<'_, DbInstance>,
    name: &str,
    changes: Changes<'_>,
) -> Result<Option<()>, Error> {
    let Some(there) = read::describe(aws, wanted.id, name).await? else { return Ok(None) };
    if let Readiness::Failed(why) = read::readiness(&there) {
        return Err(Error::other(wanted.id, "rds:ModifyDBInstance", why));
    }
    let nothing = PendingModifiedValues::builder().build();
    let pending = there.pending_modified_values().is_some_and(|values| *values != nothing);
    let now = fields_of(&read::body(&there, wanted.body));
    let done = fields_of(wanted.body)
        .iter()
        .filter(|(field, _)| changes.touch(field))
        .all(|(field, value)| now.get(field) == Some(value));
    Ok((read::readiness(&there) == Readiness::Ready && !pending && done).then_some(()))
}

fn fields_of(body: &DbInstance) -> serde_json::Map<String, Value> {
    match serde_json::to_value(body) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        assert!(Version::of("17.10") > Version::of("17.9"));
        assert!(Version::of("17.1") > Version::of("17"));
        assert!(Version::of("9.6") < Version::of("17"));
    }
}
