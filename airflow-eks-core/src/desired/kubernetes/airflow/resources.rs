//! What containers ask for where the stack does not say: enough to start and to work a little, so that schedulers and
//! autoscalers know what is coming, and Fargate gives a pod more than its smallest size. There is no limit by default.

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::Component;
use crate::spec::PodSettings;

/// What the main container of a component asks for.
pub(super) fn of(component: Component, settings: &PodSettings) -> ResourceRequirements {
    settings.resources.clone().unwrap_or_else(|| {
        let (cpu, memory) = match component {
            Component::Scheduler | Component::DagProcessor => ("500m", "1Gi"),
            Component::Web => ("500m", "2Gi"),
            Component::Triggerer | Component::Worker => ("250m", "1Gi"),
            Component::MigrateDatabaseJob | Component::CreateUserJob => ("500m", "1Gi"),
            Component::Pgbouncer | Component::GitSync => ("100m", "128Mi"),
            Component::Statsd => ("50m", "64Mi"),
        };
        requests(cpu, memory)
    })
}

/// A request without a limit.
pub(super) fn requests(cpu: &str, memory: &str) -> ResourceRequirements {
    let amounts = [("cpu", cpu), ("memory", memory)];
    ResourceRequirements {
        requests: Some(amounts.map(|(name, amount)| (name.to_owned(), Quantity(amount.to_owned()))).into()),
        ..ResourceRequirements::default()
    }
}
