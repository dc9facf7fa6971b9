//! How each kind of resource is read, made, changed and deleted: one file a kind.

mod access_entry;
mod addon;
mod bucket;
mod cluster;
mod db_instance;
mod db_parameter_group;
mod db_password;
mod db_subnet_group;
pub(crate) mod dispatch;
mod elastic_ip;
mod event_rule;
mod existing_cluster;
mod fargate_profile;
mod file_system;
mod internet_gateway;
mod kms_key;
mod launch_template;
mod log_group;
mod mount_target;
mod nat_gateway;
mod node_group;
mod oidc_provider;
mod pod_identity_association;
mod prometheus_workspace;
mod queue;
mod role;
mod route_table;
mod secret;
mod security_group;
mod security_group_rules;
mod service_linked_role;
mod subnet;
mod vpc;
mod vpc_cidr_block;
mod vpc_endpoint;

use std::collections::BTreeMap;
use std::future::Future;

use airflow_eks_core::aws_resources::Tags;
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use airflow_eks_core::plan::FieldChange;
use serde::Serialize;

use crate::clients::Aws;
use crate::error::Error;

/// A resource as it is to be.
#[derive(Debug)]
pub(crate) struct Wanted<'a, T> {
    pub(crate) id: &'a AwsId,
    pub(crate) tags: &'a Tags,
    pub(crate) body: &'a T,
}

impl<T> Clone for Wanted<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Wanted<'_, T> {}

/// A resource as it is.
#[derive(Debug, Clone)]
pub(crate) struct Found<T> {
    pub(crate) physical_id: String,
    pub(crate) body: T,
    pub(crate) tags: Tags,
    pub(crate) attributes: BTreeMap<Attribute, String>,
    pub(crate) readiness: Readiness,
    pub(crate) ownership: Ownership,
}

/// What an update is to change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Changes<'a>(&'a [FieldChange]);

impl Changes<'_> {
    /// Whether a field, or something in it, changes. Tags are the field `tags`.
    pub(crate) fn touch(&self, field: &str) -> bool {
        self.0.iter().any(|change| {
            change
                .path
                .strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// Whether any of these fields changes.
    pub(crate) fn touch_any(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.touch(field))
    }
}

/// How a kind of resource is read, made, changed and deleted.
///
/// Waiting is not done here: `create`, `update` and `delete` return once AWS has accepted, and the provider looks with
/// `read` and `is_gone` until it is done.
pub(crate) trait Manage: Sized + Serialize + Sync {
    /// What there is. Goes by names, tags and tokens that are fixed before the resource is made; where such a text is not
    /// known yet, because what it refers to is not there, neither is this.
    fn read(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
    ) -> impl Future<Output = Result<Option<Found<Self>>, Error>> + Send;

    /// Makes it, with its tags in the same call. Where an earlier run was cut short in between several calls, or where
    /// it was made by a call that got no answer, goes on from there.
    fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> impl Future<Output = Result<(), Error>> + Send;

    /// Makes what is there like what is wanted; only what `changes` names.
    fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Deletes it. Nothing to delete is no error.
    fn delete(aws: &Aws, physical_id: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether it is gone. Most kinds are at once.
    fn is_gone(_aws: &Aws, _physical_id: &str) -> impl Future<Output = Result<bool, Error>> + Send {
        async { Ok(true) }
    }

    /// Every resource of this kind that carries the marks of the stack, whether or not the stack still wants it.
    fn owned(aws: &Aws) -> impl Future<Output = Result<Vec<(AwsId, String)>, Error>> + Send;
}
