//! Values that many charts have in the same form.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceRequirements, Toleration};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use serde::Serialize;

use super::super::metadata::map;
use crate::desired::Names;
use crate::desired::names::addon_account;
use crate::spec::{AddonKind, PodIdentity};
use crate::stack::Stack;

/// A switch.
#[derive(Debug, Serialize)]
pub(super) struct Switch {
    pub(super) enabled: bool,
}

pub(super) const OFF: Switch = Switch { enabled: false };

/// A service account.
#[derive(Debug, Serialize)]
pub(super) struct ServiceAccount {
    pub(super) create: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: BTreeMap<String, String>,
}

impl ServiceAccount {
    /// The one that stands for an add-on's IAM role. With IRSA an annotation ties the two together; with Pod Identity an
    /// association on the AWS side does.
    pub(super) fn with_role(stack: &Stack, kind: AddonKind) -> Self {
        let account = addon_account(kind);
        let by_annotation = stack.spec().identities.provider == PodIdentity::Irsa;
        let role = account.filter(|_| by_annotation).map(|account| Names::of(stack).role_arn(account.role));
        Self {
            annotations: role.map(|role| map([("eks.amazonaws.com/role-arn", &role)])).unwrap_or_default(),
            ..Self::without_role(kind)
        }
    }

    /// The one that has the name that roles know, and no annotation.
    pub(super) fn without_role(kind: AddonKind) -> Self {
        let name = addon_account(kind).and_then(|account| account.service_accounts.first().copied());
        Self { create: true, name, annotations: BTreeMap::new() }
    }
}

/// What a container asks for. Processors are never limited: they are shared by what is asked.
pub(super) fn resources(cpu: &str, memory: &str, memory_limit: Option<&str>) -> ResourceRequirements {
    let amounts = |entries: &[(&str, &str)]| -> BTreeMap<String, Quantity> {
        entries.iter().map(|(key, amount)| ((*key).to_owned(), Quantity((*amount).to_owned()))).collect()
    };
    ResourceRequirements {
        requests: Some(amounts(&[("cpu", cpu), ("memory", memory)])),
        limits: memory_limit.map(|limit| amounts(&[("memory", limit)])),
        ..ResourceRequirements::default()
    }
}

/// Agents run on every node, whatever it keeps away.
pub(super) fn tolerate_all() -> Vec<Toleration> {
    vec![Toleration { operator: Some("Exists".to_owned()), ..Toleration::default() }]
}

/// How many pods a controller has that keeps each on a node of its own: one only where the stack begins with a single node.
pub(super) fn replicas(stack: &Stack) -> u32 {
    let spec = stack.spec();
    let nodes: u32 = spec.node_groups.iter().map(|group| group.desired_size).sum();
    let alone = spec.cluster.existing.is_none() && spec.fargate_profiles.is_empty() && nodes < 2;
    if alone { 1 } else { 2 }
}
