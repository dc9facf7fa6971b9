//! The metadata database: RDS for PostgreSQL.
//! See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_PostgreSQL.html>.

use super::log_group::DATABASE_LOGS;
use super::network::Tier;
use super::parts::{Parts, mark};
use super::security_group;
use crate::aws_resources::{AwsKind, DbInstance, DbParameterGroup, DbSubnetGroup};
use crate::graph::{Attribute, AwsId, GeneratedSecret};
use crate::spec::Environment;

/// What is in it, and who may use it: as the Kubernetes side has it.
const AIRFLOW: &str = "airflow";

pub(super) fn add(parts: &mut Parts<'_>) {
    if parts.spec().database.existing.is_some() {
        return;
    }
    let subnets = DbSubnetGroup {
        db_subnet_group_name: parts.names().database(),
        db_subnet_group_description: "The metadata database of Airflow".to_owned(),
        subnet_ids: parts.subnet_ids(Tier::Database),
    };
    let subnets = parts.add("database", subnets);
    let parameters = parameters(parts);
    let group = parameters.db_parameter_group_name.clone();
    // One for each major version: the database moves to another before the old one goes.
    let parameters = parts.add(parameters.db_parameter_group_family.clone(), parameters);
    let instance = instance(parts, group);
    let id = parts.add("database", instance);
    parts.wait(&id, &subnets);
    parts.wait(&id, &parameters);
    // A database that is there proves that both secrets were: plan never makes them anew then.
    for secret in [GeneratedSecret::DatabasePassword, GeneratedSecret::FernetKey] {
        parts.wait(&id, &AwsId::new(AwsKind::Secret, secret.name()));
    }
    for log in DATABASE_LOGS {
        parts.wait(&id, &AwsId::new(AwsKind::LogGroup, format!("database-{log}")));
    }
}

fn parameters(parts: &Parts<'_>) -> DbParameterGroup {
    let version = parts.spec().database.version.as_str();
    let family = format!("postgres{}", version.split('.').next().unwrap_or_default());
    DbParameterGroup {
        db_parameter_group_name: format!("{}-{family}", parts.names().database()),
        db_parameter_group_family: family,
        description: "The metadata database of Airflow".to_owned(),
        // Nobody connects without TLS.
        parameters: [("rds.force_ssl".to_owned(), "1".to_owned())].into(),
    }
}

fn instance(parts: &Parts<'_>, parameter_group: String) -> DbInstance {
    let (spec, names) = (parts.spec(), parts.names());
    let said = &spec.database;
    let production = spec.environment == Environment::Production;
    let gib = |size: u32| i32::try_from(size).unwrap_or(i32::MAX);
    DbInstance {
        db_instance_identifier: names.database(),
        db_name: AIRFLOW.to_owned(),
        engine: "postgres".to_owned(),
        engine_version: said.version.to_string(),
        db_instance_class: said.instance_class.to_string(),
        allocated_storage: gib(said.storage_gib),
        max_allocated_storage: gib(said.max_storage_gib),
        storage_type: "gp3".to_owned(),
        storage_encrypted: true,
        multi_az: said.multi_az.unwrap_or(production),
        db_subnet_group_name: names.database(),
        vpc_security_group_ids: [security_group::id(security_group::DATABASE)].into(),
        db_parameter_group_name: parameter_group,
        publicly_accessible: false,
        master_username: AIRFLOW.to_owned(),
        master_user_password_secret: names.secret(GeneratedSecret::DatabasePassword),
        backup_retention_period: said.backup_retention_days.into(),
        deletion_protection: said.deletion_protection.unwrap_or(production),
        auto_minor_version_upgrade: true,
        copy_tags_to_snapshot: true,
        enable_performance_insights: said.performance_insights,
        monitoring_interval: 60,
        monitoring_role_arn: Some(mark(AwsKind::Role, "rds-monitoring", Attribute::Arn)),
        enable_cloudwatch_logs_exports: DATABASE_LOGS.iter().map(|log| (*log).to_owned()).collect(),
    }
}
