//! Airflow's metadata database.

use super::{Check, at};
use crate::spec::{Environment, ExistingDatabase};

pub(super) fn check(check: &mut Check<'_>) {
    let database = &check.spec.database;
    let path = at("database");
    if let Some(existing) = &database.existing {
        self::existing(check, existing);
        return;
    }
    check.ensure(
        (20..=65_536).contains(&database.storage_gib),
        &path.key("storageGib"),
        format!("{} GiB is not a size that RDS offers", database.storage_gib),
        "write a number from 20 to 65536",
    );
    check.ensure_reading(
        &[path.key("storageGib")],
        database.max_storage_gib >= database.storage_gib,
        &path.key("maxStorageGib"),
        format!("{} is less than storageGib, which is {}", database.max_storage_gib, database.storage_gib),
        "raise maxStorageGib; the same number keeps the size fixed",
    );
    check.ensure(
        database.backup_retention_days <= 35,
        &path.key("backupRetentionDays"),
        format!("RDS does not keep backups for {} days", database.backup_retention_days),
        "write a number from 1 to 35; 0 turns backups off in a demo",
    );
    check.ensure_reading(
        &[at("environment")],
        database.backup_retention_days > 0 || check.spec.environment == Environment::Demo,
        &path.key("backupRetentionDays"),
        "the database of a production stack would have no backups",
        "write at least 1, or set `environment: demo`",
    );
}

fn existing(check: &mut Check<'_>, existing: &ExistingDatabase) {
    let path = at("database").key("existing");
    let arn = &existing.password_secret_arn;
    check.ensure(
        arn.service() == "secretsmanager",
        &path.key("passwordSecretArn"),
        format!("`{arn}` is not a secret of Secrets Manager"),
        "store the password there, and name the secret's ARN",
    );
    check.ensure_reading(
        &[at("region")],
        arn.service() != "secretsmanager" || arn.region() == check.spec.region.as_str(),
        &path.key("passwordSecretArn"),
        format!("the secret lies in the Region `{}`, not in `{}`", arn.region(), check.spec.region),
        "replicate the secret to the stack's Region, and name its ARN there",
    );
    check.ensure(
        existing.port > 0,
        &path.key("port"),
        "0 is not a port",
        "write the port that PostgreSQL listens on, usually 5432",
    );
}
