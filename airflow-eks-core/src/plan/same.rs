//! Values that differ and mean the same, and values between which there is no way.

use serde_json::Value;

use crate::aws_resources::AwsKind;

/// Whether what there is does for what is wanted.
pub(super) fn value(kind: Option<AwsKind>, path: &str, wanted: &Value, present: &Value) -> bool {
    wanted == present
        || match (kind, path) {
            // A major version stands for all its minor ones, and RDS installs later ones by itself.
            // See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.Minor.html>.
            (Some(AwsKind::DbInstance), "engineVersion") => is_within_major(wanted, present),
            // RDS lets a disk grow by itself, and never shrink.
            // See <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html>.
            (Some(AwsKind::DbInstance), "allocatedStorage") => present.as_i64() >= wanted.as_i64(),
            _ => false,
        }
}

/// Why a field cannot go from one value to the other, where another value could be reached.
pub(super) fn no_way(kind: AwsKind, path: &str, before: &Value, after: &Value) -> Option<String> {
    let (before, after) = (numbers(before)?, numbers(after)?);
    match (kind, path) {
        (AwsKind::Cluster | AwsKind::NodeGroup, "version") | (AwsKind::DbInstance, "engineVersion")
            if after < before =>
        {
            Some("AWS cannot go back to an earlier version".to_owned())
        }
        // See <https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html>.
        (AwsKind::Cluster, "version") => {
            let [major, minor] = before.as_slice() else { return None };
            let next = [*major, minor + 1];
            let next_says =
                || format!("EKS goes up by one minor version at a time: {major}.{} is next", minor + 1);
            (after.as_slice() > next.as_slice()).then(next_says)
        }
        _ => None,
    }
}

fn is_within_major(wanted: &Value, present: &Value) -> bool {
    let (Some(wanted), Some(present)) = (numbers(wanted), numbers(present)) else { return false };
    wanted.first() == present.first() && wanted <= present
}

fn numbers(version: &Value) -> Option<Vec<u64>> {
    version.as_str()?.split('.').map(|part| part.parse().ok()).collect()
}
