//! Service accounts: one for each component, so that each has no more rights than it needs.

use super::super::service_account::service_account;
use super::{Component, Release, dags};
use crate::graph::KubernetesObject;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    Component::ALL
        .iter()
        .filter(|component| release.has(**component))
        .map(|component| {
            let name = release.name(*component);
            let role = component.has_role().then(|| name.clone());
            service_account(
                release.stack,
                release.namespace(),
                &name,
                component.name(release.is_3()),
                role.as_deref(),
            )
        })
        .collect()
}

impl Release<'_> {
    /// The service accounts that stand for an IAM role, which has the same name.
    pub(in super::super) fn accounts_with_role(self) -> Vec<(Component, String)> {
        let with_role = |component: &&Component| component.has_role() && self.has(**component);
        Component::ALL.iter().filter(with_role).map(|component| (*component, self.name(*component))).collect()
    }

    /// Whether the release has a component.
    pub(super) fn has(self, component: Component) -> bool {
        let spec = self.spec;
        match component {
            Component::Scheduler | Component::Web | Component::Worker | Component::MigrateDatabaseJob => true,
            Component::Triggerer => spec.triggerer.replicas != Some(0),
            Component::DagProcessor => spec.dag_processor().is_some(),
            Component::Statsd => spec.statsd.enabled,
            Component::Pgbouncer => spec.pgbouncer.enabled,
            Component::GitSync => spec.dags.git_sync.is_some() && !dags::cloned_in_each_pod(self),
            Component::CreateUserJob => spec.admin_user.create,
        }
    }
}
