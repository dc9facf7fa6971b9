//! Where in the network things lie: in the stack's own VPC, or in one that was there before.

use std::collections::BTreeSet;

use super::parts::{Parts, mark};
use crate::aws_resources::AwsKind;
use crate::graph::Attribute;
use crate::spec::ExistingNetwork;
use crate::types::SubnetId;

/// What a subnet is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    /// Internet-facing load balancers and NAT gateways.
    Public,
    /// Internal load balancers, and the control plane: people reach it through this range, which the rest of the company
    /// routes to.
    Private,
    /// Nodes and pods.
    DataPlane,
    /// The database.
    Database,
}

impl Tier {
    pub(super) const ALL: &[Self] = &[Self::Public, Self::Private, Self::DataPlane, Self::Database];

    /// The beginning of the names of its subnets.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::DataPlane => "data-plane",
            Self::Database => "database",
        }
    }
}

impl Parts<'_> {
    /// Whether the stack makes its network. An existing cluster has one already.
    pub(super) fn has_own_network(&self) -> bool {
        self.spec().network.existing.is_none() && self.spec().cluster.existing.is_none()
    }

    /// The VPC's id, or its mark.
    pub(super) fn vpc_id(&self) -> String {
        match &self.spec().network.existing {
            Some(existing) => existing.vpc_id.to_string(),
            None if self.has_own_network() => mark(AwsKind::Vpc, "vpc", Attribute::Id),
            None => self.of_cluster(Attribute::VpcId),
        }
    }

    /// The ids of the subnets of a tier, or their marks.
    pub(super) fn subnet_ids(&self, tier: Tier) -> BTreeSet<String> {
        match &self.spec().network.existing {
            Some(existing) => existing_ids(existing, tier).iter().map(ToString::to_string).collect(),
            None if self.has_own_network() => {
                self.zones().map(|zone| mark(AwsKind::Subnet, in_zone(tier, zone), Attribute::Id)).collect()
            }
            None => BTreeSet::new(),
        }
    }

    /// The zones of the stack's own network.
    pub(super) fn zones(&self) -> impl Iterator<Item = &str> {
        self.stack.zones().iter().map(crate::types::AvailabilityZone::as_str)
    }
}

/// The name of a zone's resource of a tier.
pub(super) fn in_zone(tier: Tier, zone: &str) -> String {
    format!("{}-{zone}", tier.word())
}

fn existing_ids(existing: &ExistingNetwork, tier: Tier) -> &[SubnetId] {
    match tier {
        Tier::Public => &existing.public_subnet_ids,
        Tier::Database if !existing.database_subnet_ids.is_empty() => &existing.database_subnet_ids,
        Tier::Private | Tier::DataPlane | Tier::Database => &existing.private_subnet_ids,
    }
}
