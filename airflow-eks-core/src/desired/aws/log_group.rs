//! Log groups, made before what writes to them: AWS would otherwise make them itself, and keep logs for ever.

use super::parts::Parts;
use crate::aws_resources::LogGroup;
use crate::spec::AddonKind;

/// The logs that RDS exports.
pub(super) const DATABASE_LOGS: &[&str] = &["postgresql", "upgrade"];

pub(super) fn add(parts: &mut Parts<'_>) {
    let (spec, names) = (parts.spec(), parts.names());
    let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
    let kept = days(spec.observability.log_retention_days);
    let mut add = |name: &str, log_group_name: String, retention_in_days: i32| {
        parts.add(name, LogGroup { log_group_name, retention_in_days });
    };
    if spec.cluster.existing.is_none() && !spec.cluster.logging.is_empty() {
        add("cluster", names.control_plane_logs(), days(spec.cluster.log_retention_days));
    }
    if spec.database.existing.is_none() {
        for log in DATABASE_LOGS {
            add(&format!("database-{log}"), names.database_logs(log), kept);
        }
    }
    if spec.addon_enabled(AddonKind::AwsForFluentBit) {
        add("containers", names.container_logs(), kept);
    }
}
