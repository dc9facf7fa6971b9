//! A subnet group of RDS.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A subnet group of RDS.
/// See <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DbSubnetGroup {
    /// Its name.
    pub db_subnet_group_name: String,
    /// What it is for.
    pub db_subnet_group_description: String,
    /// The subnets, in at least two zones.
    pub subnet_ids: BTreeSet<String>,
}

impl Kind for DbSubnetGroup {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("dbSubnetGroupName", Effect::Blocked("the database is in it"))];
}
