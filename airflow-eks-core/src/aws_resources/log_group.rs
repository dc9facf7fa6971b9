//! A CloudWatch Logs group.

use serde::{Deserialize, Serialize};

use super::{Effect, Kind};

/// A CloudWatch Logs group. Gives `arn`.
/// See <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogGroup {
    /// Its name.
    pub log_group_name: String,
    /// How many days logs are kept; 0 where they are kept for ever.
    pub retention_in_days: i32,
}

impl Kind for LogGroup {
    const EFFECTS: &'static [(&'static str, Effect)] =
        &[("logGroupName", Effect::Blocked("the logs in it would be lost"))];
}
