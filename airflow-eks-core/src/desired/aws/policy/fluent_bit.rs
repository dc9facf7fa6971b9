//! What Fluent Bit may do: write to its own log group, which the stack makes.

use serde_json::Value;

use super::{allow, document};
use crate::desired::aws::parts::Parts;

/// See <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>.
pub(in super::super) fn fluent_bit(parts: &Parts<'_>) -> Value {
    let names = parts.names();
    let group = names.arn("logs", &format!("log-group:{}", names.container_logs()));
    let actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
    document(vec![allow("Streams", &actions, &[format!("{group}:*")])])
}
