//! Airflow's dotted metric names as Prometheus metrics with labels.
//! See <https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/metrics.html>.

use serde_json::{Map, Value, json};

/// Pattern, metric, and what its wildcards are, in order.
const GLOBS: &[(&str, &str, &[&str])] = &[
    ("airflow.dagrun.dependency-check.*", "airflow_dagrun_dependency_check", &["dag_id"]),
    ("airflow.dagrun.duration.success.*", "airflow_dagrun_duration_success", &["dag_id"]),
    ("airflow.dagrun.duration.failed.*", "airflow_dagrun_duration_failed", &["dag_id"]),
    ("airflow.dagrun.schedule_delay.*", "airflow_dagrun_schedule_delay", &["dag_id"]),
    ("airflow.dag.*.*.duration", "airflow_task_duration", &["dag_id", "task_id"]),
    ("airflow.dag.*.*.queued_duration", "airflow_task_queued_duration", &["dag_id", "task_id"]),
    ("airflow.dag_processing.last_duration.*", "airflow_dag_processing_last_duration", &["dag_file"]),
    (
        "airflow.dag_processing.last_run.seconds_ago.*",
        "airflow_dag_processing_last_run_seconds_ago",
        &["dag_file"],
    ),
    ("airflow.ti.start.*.*", "airflow_task_started", &["dag_id", "task_id"]),
    ("airflow.ti.finish.*.*.*", "airflow_task_finished", &["dag_id", "task_id", "state"]),
    ("airflow.pool.open_slots.*", "airflow_pool_open_slots", &["pool"]),
    ("airflow.pool.queued_slots.*", "airflow_pool_queued_slots", &["pool"]),
    ("airflow.pool.running_slots.*", "airflow_pool_running_slots", &["pool"]),
    ("airflow.pool.starving_tasks.*", "airflow_pool_starving_tasks", &["pool"]),
    ("airflow.executor.open_slots.*", "airflow_executor_open_slots", &["executor"]),
    ("airflow.executor.queued_tasks.*", "airflow_executor_queued_tasks", &["executor"]),
    ("airflow.executor.running_tasks.*", "airflow_executor_running_tasks", &["executor"]),
    ("airflow.triggers.running.*", "airflow_triggers_running", &["hostname"]),
];

/// Names that end in an operator's class, which may hold dots: matched by expression.
const EXPRESSIONS: &[(&str, &str, &str)] = &[
    (r"airflow\.operator_successes_(.*)", "airflow_operator_successes", "operator"),
    (r"airflow\.operator_failures_(.*)", "airflow_operator_failures", "operator"),
];

/// The exporter's mapping file.
pub(super) fn mappings() -> Value {
    let globs = GLOBS.iter().map(|(pattern, name, labels)| {
        let labels = labels
            .iter()
            .enumerate()
            .map(|(position, label)| ((*label).to_owned(), Value::String(format!("${}", position + 1))));
        json!({ "match": pattern, "name": name, "labels": labels.collect::<Map<_, _>>() })
    });
    let expressions = EXPRESSIONS.iter().map(|(pattern, name, label)| {
        json!({ "match": pattern, "match_type": "regex", "name": name, "labels": { *label: "$1" } })
    });
    json!({ "mappings": globs.chain(expressions).collect::<Vec<_>>() })
}
