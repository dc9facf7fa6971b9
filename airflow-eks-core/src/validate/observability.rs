//! Metrics and logs.

use super::{Check, at, retention_days};
use crate::spec::AddonKind;

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let path = at("observability");
    retention_days(check, &path.key("logRetentionDays"), spec.observability.log_retention_days);
    check.ensure_reading(
        &[at("addons").key(AddonKind::KubePrometheusStack.key())],
        spec.observability.service_monitors != Some(true)
            || spec.addon_enabled(AddonKind::KubePrometheusStack)
            || check.cluster_exists(),
        &path.key("serviceMonitors"),
        "there is no Prometheus Operator that could read them",
        "turn on `addons.kubePrometheusStack`, or remove `serviceMonitors`",
    );
}
