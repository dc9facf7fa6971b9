//! The EFS file system for DAGs, with a mount target for nodes in each zone.
//! See <https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html>.

use super::network::{Tier, in_zone};
use super::parts::{Parts, mark};
use super::security_group;
use crate::aws_resources::{AwsKind, FileSystem, MountTarget};
use crate::graph::Attribute;
use crate::spec::{Environment, ThroughputMode};

/// Its name within the stack.
const DAGS: &str = "dags";

pub(super) fn add(parts: &mut Parts<'_>) {
    let spec = parts.spec();
    let said = &spec.file_system;
    if !said.enabled || said.existing.is_some() {
        return;
    }
    let file_system = FileSystem {
        creation_token: parts.names().regional(DAGS),
        encrypted: true,
        performance_mode: "generalPurpose".to_owned(),
        throughput_mode: match said.throughput_mode {
            ThroughputMode::Elastic => "elastic",
            ThroughputMode::Bursting => "bursting",
        }
        .to_owned(),
        backup: said.backup.unwrap_or(spec.environment == Environment::Production),
    };
    parts.add(DAGS, file_system);
    for (name, subnet_id) in places(parts) {
        let target = MountTarget {
            file_system_id: mark(AwsKind::FileSystem, DAGS, Attribute::Id),
            subnet_id,
            security_groups: [security_group::id(security_group::FILE_SYSTEM)].into(),
        };
        parts.add(name, target);
    }
}

/// The subnets of nodes, each by the name of its mount target.
fn places(parts: &Parts<'_>) -> Vec<(String, String)> {
    if parts.has_own_network() {
        let subnet = |zone: &str| mark(AwsKind::Subnet, in_zone(Tier::DataPlane, zone), Attribute::Id);
        parts.zones().map(|zone| (zone.to_owned(), subnet(zone))).collect()
    } else {
        parts.subnet_ids(Tier::DataPlane).into_iter().map(|id| (id.clone(), id)).collect()
    }
}
