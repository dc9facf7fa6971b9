//! The AWS side of a stack: one file a concept, named as in `spec/` and `aws_resources/`.

mod access_entry;
mod addon;
mod bucket;
mod cidr;
mod cluster;
mod database;
mod fargate_profile;
mod file_system;
mod interruption;
mod kms_key;
mod launch_template;
mod log_group;
mod nat_gateway;
mod network;
mod node_group;
mod oidc_provider;
mod parts;
mod pod_roles;
mod policy;
mod prometheus_workspace;
mod role;
mod route_table;
mod secret;
mod security_group;
mod service_linked_role;
mod service_roles;
mod subnet;
mod tags;
#[cfg(test)]
mod tests;
mod trust;
mod vpc;
mod vpc_endpoint;
mod waits;

use crate::graph::{Body, ResourceId};
use crate::stack::Stack;
use parts::Parts;

/// Every AWS resource of the stack, and the waits that no field shows. What the Kubernetes side uses decides which
/// secrets there are.
pub(super) fn parts(stack: &Stack, kubernetes: &[Body]) -> (Vec<Body>, Vec<(ResourceId, ResourceId)>) {
    let mut parts = Parts::of(stack);
    vpc::add(&mut parts);
    subnet::add(&mut parts);
    nat_gateway::add(&mut parts);
    route_table::add(&mut parts);
    security_group::add(&mut parts);
    vpc_endpoint::add(&mut parts);
    log_group::add(&mut parts);
    kms_key::add(&mut parts);
    cluster::add(&mut parts);
    oidc_provider::add(&mut parts);
    service_roles::add(&mut parts);
    service_linked_role::add(&mut parts);
    access_entry::add(&mut parts);
    let secrets = secret::add(&mut parts, kubernetes);
    pod_roles::add(&mut parts, &secrets);
    addon::add(&mut parts);
    node_group::add(&mut parts);
    fargate_profile::add(&mut parts);
    interruption::add(&mut parts);
    database::add(&mut parts);
    file_system::add(&mut parts);
    bucket::add(&mut parts);
    prometheus_workspace::add(&mut parts);
    waits::add(&mut parts, kubernetes);
    parts.into_graph()
}
