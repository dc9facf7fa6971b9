//! What Prometheus and Grafana may do: write to and ask the stack's own workspace.

use serde_json::Value;

use super::{allow, document};

/// See <https://docs.aws.amazon.com/prometheus/latest/userguide/security_iam_id-based-policy-examples.html>.
pub(in super::super) fn prometheus(workspace: String) -> Value {
    let actions =
        ["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics", "aps:RemoteWrite"];
    document(vec![allow("Workspace", &actions, &[workspace])])
}
