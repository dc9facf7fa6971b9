//! An RDS instance.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// An RDS instance. Gives `arn`, `endpoint` (its host name) and `port`.
/// See <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DbInstance {
    /// Its identifier.
    pub db_instance_identifier: String,
    /// The database in it.
    pub db_name: String,
    /// The engine, `postgres`.
    pub engine: String,
    /// The version: `17`, or `17.4`. A major version alone stands for any of its minor versions.
    pub engine_version: String,
    /// The size of the machine, such as `db.t4g.large`.
    pub db_instance_class: String,
    /// The size of the disk in GiB to begin with: RDS lets it grow, and never shrink.
    pub allocated_storage: i32,
    /// The size in GiB up to which the disk grows by itself.
    pub max_allocated_storage: i32,
    /// The kind of disk, such as `gp3`.
    pub storage_type: String,
    /// Whether the disk is encrypted.
    pub storage_encrypted: bool,
    /// Whether there is a standby in another zone.
    #[serde(rename = "multiAZ")]
    pub multi_az: bool,
    /// Its subnet group.
    pub db_subnet_group_name: String,
    /// Its security groups.
    pub vpc_security_group_ids: BTreeSet<String>,
    /// Its parameter group.
    pub db_parameter_group_name: String,
    /// Whether it has a public address.
    pub publicly_accessible: bool,
    /// The first user.
    pub master_username: String,
    /// The name of the secret that holds the first user's password. The secret's value is read when the instance is made.
    pub master_user_password_secret: String,
    /// How many days backups are kept.
    pub backup_retention_period: i32,
    /// Whether it cannot be deleted until this is turned off.
    pub deletion_protection: bool,
    /// Whether minor versions are installed in its maintenance window.
    pub auto_minor_version_upgrade: bool,
    /// Whether snapshots carry its tags.
    pub copy_tags_to_snapshot: bool,
    /// Whether Performance Insights is on.
    pub enable_performance_insights: bool,
    /// How often enhanced monitoring measures, in seconds; 0 for never.
    pub monitoring_interval: i32,
    /// The role that enhanced monitoring writes its logs with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub monitoring_role_arn: Option<String>,
    /// The logs that go to CloudWatch: `postgresql`, `upgrade`.
    pub enable_cloudwatch_logs_exports: BTreeSet<String>,
}

impl Kind for DbInstance {
    const EFFECTS: &'static [(&'static str, Effect)] = &[
        ("dbInstanceIdentifier", LOST),
        ("dbName", LOST),
        ("engine", LOST),
        ("masterUsername", LOST),
        ("storageEncrypted", LOST),
        ("dbSubnetGroupName", LOST),
        ("masterUserPasswordSecret", Effect::Initial),
    ];
}

const LOST: Effect = Effect::Blocked("the database would have to be made again, and its data would be lost");
