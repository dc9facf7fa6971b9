//! A team's namespace, its service account, and what drivers may do there.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceQuota, ResourceQuotaSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::metadata::namespaced;
use super::super::namespace::namespace;
use super::super::rbac::{binding, role, rule, service_account_subject};
use super::super::service_account::service_account;
use crate::graph::KubernetesObject;
use crate::spec::SparkTeam;
use crate::stack::Stack;

const COMPONENT: &str = "spark";

pub(super) fn objects(stack: &Stack, team: &SparkTeam) -> Vec<KubernetesObject> {
    let (name, account) = (team.name.as_str(), team.service_account());
    let mut objects = vec![
        namespace(stack, name, COMPONENT),
        service_account(stack, name, account, COMPONENT, Some(name)),
        role(
            stack,
            name,
            "spark-driver",
            COMPONENT,
            vec![
                // A driver makes its executors, the service they find it by, and their configuration and volumes; it also
                // deletes them all by label when it ends. Secrets are none of its business.
                rule(
                    "",
                    &["configmaps", "persistentvolumeclaims", "pods", "services"],
                    &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
                ),
            ],
        ),
        binding(
            stack,
            name,
            "spark-driver",
            COMPONENT,
            "spark-driver",
            vec![service_account_subject(name, account)],
        ),
    ];
    objects.extend(quota(stack, team));
    objects
}

fn quota(stack: &Stack, team: &SparkTeam) -> Option<KubernetesObject> {
    let hard: BTreeMap<String, Quantity> =
        team.quota.iter().map(|(key, amount)| (key.clone(), Quantity(amount.to_string()))).collect();
    (!hard.is_empty()).then(|| {
        KubernetesObject::of(&ResourceQuota {
            metadata: namespaced(stack, team.name.as_str(), "spark-team", COMPONENT),
            spec: Some(ResourceQuotaSpec { hard: Some(hard), ..ResourceQuotaSpec::default() }),
            ..ResourceQuota::default()
        })
    })
}
