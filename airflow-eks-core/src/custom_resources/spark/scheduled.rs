//! `ScheduledSparkApplication` of `sparkoperator.k8s.io/v1beta2`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SparkApplicationSpec;

custom_resource! {
    /// Runs of a Spark program on a schedule.
    ScheduledSparkApplication(ScheduledSparkApplicationSpec) =
        "sparkoperator.k8s.io" / "v1beta2" / "scheduledsparkapplications", NamespaceResourceScope
}

/// A Spark program and when it runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduledSparkApplicationSpec {
    /// When it runs: a cron expression, or `@every` and a duration.
    pub schedule: String,
    /// Time zone of the schedule, such as `Europe/Berlin`. Default: `Local`, that of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Whether there are no further runs. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// What becomes of a run that is due while another one lasts. Unset, no run follows the first (2.5.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency_policy: Option<ConcurrencyPolicy>,
    /// How many successful runs are kept. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successful_run_history_limit: Option<i32>,
    /// How many failed runs are kept. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_run_history_limit: Option<i32>,
    /// The program.
    pub template: SparkApplicationSpec,
}

/// What becomes of a run that is due while another one lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConcurrencyPolicy {
    /// It starts beside the other.
    Allow,
    /// It is left out.
    Forbid,
    /// It takes the place of the other, which is ended.
    Replace,
}
