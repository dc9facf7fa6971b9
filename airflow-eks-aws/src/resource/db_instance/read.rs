//! What RDS says of an instance, in our shape.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::DbInstance;
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::Attribute;
use aws_sdk_rds::types::{self as sdk};

use super::update::Version;
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found};

/// Where the instance serves, and takes changes.
/// See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html>.
const USABLE: &[&str] =
    &["available", "storage-optimization", "storage-initialization", "storage-config-upgrade"];
/// Where waiting does not help, besides `incompatible-…` and `inaccessible-…`.
const STUCK: &[(&str, &str)] = &[
    ("failed", "RDS cannot recover it: restore it from a backup"),
    ("insufficient-capacity", "AWS has no room for its class: choose another one"),
    ("restore-error", "restoring it has failed"),
    ("stopped", "start it in RDS"),
    ("storage-full", "give it more storage"),
];

/// An instance by its identifier.
pub(super) async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    name: &str,
) -> Result<Option<sdk::DbInstance>, Error> {
    let send = || aws.rds.describe_db_instances().db_instance_identifier(name).send();
    let answer = found(aws.call(Operation::read("rds", "DescribeDBInstances"), resource, send).await)?;
    Ok(answer.and_then(|answer| answer.db_instances?.into_iter().next()))
}

/// The fields of an instance.
pub(super) fn body(instance: &sdk::DbInstance, wanted: &DbInstance) -> DbInstance {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let yes = |value: Option<bool>| value.unwrap_or_default();
    let groups = instance.vpc_security_groups().iter().filter(|group| group.status() != Some("removing"));
    let parameters = instance.db_parameter_groups().first();
    DbInstance {
        db_instance_identifier: text(instance.db_instance_identifier()),
        db_name: text(instance.db_name()),
        engine: text(instance.engine()),
        engine_version: engine_version(
            instance.engine_version().unwrap_or_default(),
            &wanted.engine_version,
            yes(instance.auto_minor_version_upgrade()),
        ),
        db_instance_class: text(instance.db_instance_class()),
        // It may have grown since.
        allocated_storage: instance.allocated_storage().unwrap_or_default().min(wanted.allocated_storage),
        max_allocated_storage: max_allocated_storage(instance.max_allocated_storage(), wanted),
        storage_type: text(instance.storage_type()),
        storage_encrypted: yes(instance.storage_encrypted()),
        multi_az: yes(instance.multi_az()),
        db_subnet_group_name: text(instance.db_subnet_group().and_then(|group| group.db_subnet_group_name())),
        vpc_security_group_ids: groups
            .filter_map(|group| group.vpc_security_group_id().map(str::to_owned))
            .collect(),
        db_parameter_group_name: text(parameters.and_then(|group| group.db_parameter_group_name())),
        publicly_accessible: yes(instance.publicly_accessible()),
        master_username: text(instance.master_username()),
        // RDS does not tell from where it was.
        master_user_password_secret: wanted.master_user_password_secret.clone(),
        backup_retention_period: instance.backup_retention_period().unwrap_or_default(),
        deletion_protection: yes(instance.deletion_protection()),
        auto_minor_version_upgrade: yes(instance.auto_minor_version_upgrade()),
        copy_tags_to_snapshot: yes(instance.copy_tags_to_snapshot()),
        enable_performance_insights: yes(instance.performance_insights_enabled()),
        monitoring_interval: instance.monitoring_interval().unwrap_or_default(),
        monitoring_role_arn: monitoring_role_arn(instance, wanted),
        enable_cloudwatch_logs_exports: instance.enabled_cloudwatch_logs_exports().iter().cloned().collect(),
    }
}

/// The version, in the words of the stack where it is what the stack means: a version of which it names the beginning,
/// or a newer minor one that RDS has installed by itself.
fn engine_version(there: &str, wanted: &str, upgrades_itself: bool) -> String {
    let begins = there.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let (now, asked) = (Version::of(there), Version::of(wanted));
    let upgraded = upgrades_itself && now.major == asked.major && now.minor > asked.minor;
    if begins || upgraded { wanted.to_owned() } else { there.to_owned() }
}

/// Without a bound RDS tells none; one that is no more than the size is no bound either.
fn max_allocated_storage(there: Option<i32>, wanted: &DbInstance) -> i32 {
    let never_grows = wanted.max_allocated_storage <= wanted.allocated_storage;
    match there {
        None if never_grows => wanted.max_allocated_storage,
        there => there.unwrap_or_default(),
    }
}

/// Without enhanced monitoring a role does nothing.
fn monitoring_role_arn(instance: &sdk::DbInstance, wanted: &DbInstance) -> Option<String> {
    let off = instance.monitoring_interval().unwrap_or_default() == 0 && wanted.monitoring_interval == 0;
    if off { wanted.monitoring_role_arn.clone() } else { instance.monitoring_role_arn().map(str::to_owned) }
}

/// What an instance tells: nothing that it does not have yet.
pub(super) fn attributes(instance: &sdk::DbInstance) -> BTreeMap<Attribute, String> {
    let endpoint = instance.endpoint();
    let told = [
        (Attribute::Arn, instance.db_instance_arn().map(str::to_owned)),
        (Attribute::Endpoint, endpoint.and_then(|endpoint| endpoint.address().map(str::to_owned))),
        (Attribute::Port, endpoint.and_then(|endpoint| Some(endpoint.port()?.to_string()))),
    ];
    told.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Whether the database can be used.
pub(super) fn readiness(instance: &sdk::DbInstance) -> Readiness {
    let status = instance.db_instance_status().unwrap_or("unknown");
    if let Some((_, hint)) = STUCK.iter().find(|(stuck, _)| *stuck == status) {
        return Readiness::Failed(format!("{status}: {hint}"));
    }
    if status.starts_with("incompatible-") || status.starts_with("inaccessible-") {
        return Readiness::Failed(format!("{status}: see the events of the instance in RDS"));
    }
    if !USABLE.contains(&status) {
        return Readiness::InProgress(status.to_owned());
    }
    let restart = instance.db_parameter_groups().iter();
    if restart.into_iter().any(|group| group.parameter_apply_status() == Some("pending-reboot")) {
        let name = instance.db_instance_identifier();
        tracing::warn!(database = name, "parameters wait for a restart: restart the instance in RDS");
    }
    Readiness::Ready
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_major_version_stands_for_its_minor_versions() {
        assert_eq!(engine_version("17.4", "17", false), "17");
        assert_eq!(engine_version("17.4", "17.4", false), "17.4");
        assert_eq!(engine_version("17.4", "1", false), "17.4");
        assert_eq!(engine_version("16.8", "17", true), "16.8");
    }

    #[test]
    fn what_rds_upgraded_by_itself_is_no_difference() {
        assert_eq!(engine_version("17.10", "17.4", true), "17.4");
        assert_eq!(engine_version("17.10", "17.4", false), "17.10");
        assert_eq!(engine_version("17.4", "17.10", true), "17.4");
    }

    #[test]
    fn waiting_helps_only_where_something_goes_on() {
        let with = |status: &str| readiness(&sdk::DbInstance::builder().db_instance_status(status).build());
        assert_eq!(with("available"), Readiness::Ready);
        assert_eq!(with("storage-optimization"), Readiness::Ready);
        assert_eq!(with("creating"), Readiness::InProgress("creating".into()));
        assert_eq!(with("stopped"), Readiness::Failed("stopped: start it in RDS".into()));
        assert!(matches!(with("incompatible-parameters"), Readiness::Failed(_)));
    }

    #[test]
    fn there_is_no_endpoint_before_there_is_one() {
        let new = sdk::DbInstance::builder().db_instance_arn("arn:db").build();
        assert_eq!(attributes(&new), [(Attribute::Arn, "arn:db".to_owned())].into());
    }
}
