//! The workspace of Amazon Managed Service for Prometheus.
//! See <https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-onboard-create-workspace.html>.

use super::parts::Parts;
use crate::aws_resources::PrometheusWorkspace;
use crate::spec::AddonKind;

pub(super) fn add(parts: &mut Parts<'_>) {
    if parts.has_addon(AddonKind::AmazonManagedPrometheus) {
        let alias = parts.names().stack().to_owned();
        parts.add("metrics", PrometheusWorkspace { alias });
    }
}
