//! One file a kind or family: its rule, and a table of statuses as the controllers write them.

pub(super) mod any;
pub(super) mod claim;
pub(super) mod daemon_set;
pub(super) mod definition;
pub(super) mod deployment;
pub(super) mod disruption_budget;
pub(super) mod ingress;
pub(super) mod job;
pub(super) mod namespace;
pub(super) mod pod;
pub(super) mod replica_set;
pub(super) mod replicas;
pub(super) mod service;
pub(super) mod spark;
pub(super) mod stateful_set;
#[cfg(test)]
mod table;
