//! An SQS queue.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Effect, Kind};

/// An SQS queue. Gives `arn` and `url`.
/// See <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Its name.
    pub queue_name: String,
    /// How many seconds messages are kept.
    pub message_retention_period: i32,
    /// Whether messages are encrypted with a key of SQS.
    pub sqs_managed_sse_enabled: bool,
    /// Who may send.
    pub policy: Value,
}

impl Kind for Queue {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("queueName", Effect::Replace)];
}
