//! Settings of `airflow.cfg` that the user adds.

use super::{Check, at};
use crate::problem::Path;

/// Keys that would undo what other parts of the stack decide, each with the part that does.
const DECIDED_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("core", "dags_folder", "airflow.dags"),
    ("core", "execution_api_server_url", "airflow.name"),
    ("core", "executor", "airflow.executor"),
    ("core", "load_examples", "airflow.loadExamples"),
    ("kubernetes_executor", "namespace", "airflow.namespace"),
    ("kubernetes_executor", "pod_template_file", "airflow.workers"),
    ("kubernetes_executor", "worker_container_repository", "airflow.image"),
    ("kubernetes_executor", "worker_container_tag", "airflow.image"),
    ("logging", "remote_base_log_folder", "logBucket"),
    ("logging", "remote_log_conn_id", "airflow.logs"),
    ("logging", "remote_logging", "airflow.logs"),
    ("scheduler", "scheduler_health_check_server_port", "the scheduler's probes"),
    ("scheduler", "standalone_dag_processor", "airflow.dagProcessor"),
];

/// Keys that hold secrets, which do not belong in a file.
const SECRET: &[(&str, &str)] = &[
    ("api", "secret_key"),
    ("api_auth", "jwt_secret"),
    ("celery", "broker_url"),
    ("celery", "result_backend"),
    ("core", "fernet_key"),
    ("core", "sql_alchemy_conn"),
    ("database", "sql_alchemy_conn"),
    ("smtp", "smtp_password"),
    ("webserver", "secret_key"),
];

/// Where keys of Airflow 2 have gone in Airflow 3: it reads them nowhere else, most without a word.
/// See <https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html>.
const MOVED_IN_3: &[(&str, &str, &str)] = &[
    ("core", "dag_file_processor_timeout", "dag_processor.dag_file_processor_timeout"),
    ("scheduler", "dag_dir_list_interval", "dag_processor.refresh_interval"),
    ("scheduler", "file_parsing_sort_mode", "dag_processor.file_parsing_sort_mode"),
    ("scheduler", "min_file_process_interval", "dag_processor.min_file_process_interval"),
    ("scheduler", "parsing_processes", "dag_processor.parsing_processes"),
    ("scheduler", "scheduler_zombie_task_threshold", "scheduler.task_instance_heartbeat_timeout"),
    ("triggerer", "default_capacity", "triggerer.capacity"),
    ("webserver", "base_url", "api.base_url"),
    ("webserver", "enable_proxy_fix", "fab.enable_proxy_fix"),
    ("webserver", "expose_config", "api.expose_config"),
    ("webserver", "workers", "api.workers"),
];

pub(super) fn check(check: &mut Check<'_>) {
    let config = &check.spec.airflow.config;
    for (section, entries) in config {
        let path = at("airflow").key("config").key(section);
        check.ensure(
            is_name(section),
            &path,
            format!("`{}` is not a section of airflow.cfg", section.escape_debug()),
            "use lower-case letters, digits and `_`",
        );
        for (key, value) in entries {
            one(check, &path.key(key), section, key, value);
        }
    }
}

fn one(check: &mut Check<'_>, path: &Path, section: &str, key: &str, value: &str) {
    let three = check.spec.airflow.version.is_3();
    check.ensure(
        is_name(key),
        path,
        format!("`{}` is not a key of airflow.cfg", key.escape_debug()),
        "use lower-case letters, digits and `_`; Airflow reads no others",
    );
    check.ensure(
        !has_loose_percent(value),
        path,
        "a `%` stands alone, at which Airflow would stop",
        "write `%%` for a percent sign",
    );
    lines(check, path, value);
    let section_keys = check.spec.airflow.config.get(section);
    for key in references(value) {
        check.ensure(
            section_keys.is_some_and(|keys| keys.contains_key(key)),
            path,
            format!("`%({key})s` refers to a key that is not in this section of the stack"),
            "add that key, or write `%%` for a percent sign",
        );
    }
    if let Some((_, _, by)) = DECIDED_ELSEWHERE.iter().find(|(s, k, _)| (*s, *k) == (section, key)) {
        let message = format!("`{section}.{key}` is decided by {by}");
        check.ensure(false, path, message, format!("remove it, and change {by} instead"));
    }
    check.ensure(
        !SECRET.contains(&(section, key)),
        path,
        format!("`{section}.{key}` holds a secret, which does not belong in a file"),
        "remove it; the stack generates its secrets and hands them over by reference",
    );
    let moved = MOVED_IN_3.iter().find(|(s, k, _)| three && (*s, *k) == (section, key));
    match moved {
        Some((_, _, to)) => check.ensure_reading(
            &[at("airflow").key("version")],
            false,
            path,
            format!("Airflow {} does not read `{section}.{key}`", check.spec.airflow.version),
            format!("use `{to}` instead, or change `version`"),
        ),
        None => check.ensure_reading(
            &[at("airflow").key("version")],
            !(three && section == "webserver") || key == "secret_key",
            path,
            format!("Airflow {} has no section `webserver`", check.spec.airflow.version),
            "look for the key in the sections `api` and `fab`, or change `version`",
        ),
    }
}

/// What Python's reader of `airflow.cfg` would drop without a word. It drops the indentation of further lines as well, which
/// a value such as a JSON document does not miss.
/// See <https://docs.python.org/3/library/configparser.html#supported-ini-file-structure>.
fn lines(check: &mut Check<'_>, path: &Path, value: &str) {
    let value = value.strip_suffix('\n').unwrap_or(value);
    check.ensure(
        value.trim() == value && !value.contains('\r'),
        path,
        "white space at the ends of a value is lost",
        "remove it",
    );
    for line in value.trim().lines().skip(1) {
        check.ensure(
            !line.trim().is_empty() && !line.trim_start().starts_with(['#', ';']),
            path,
            "an empty line ends the value, and a line that begins with `#` or `;` is a comment",
            "remove the line",
        );
    }
}

/// The keys that `%(key)s` refers to.
fn references(value: &str) -> Vec<&str> {
    let mut rest = value;
    let mut found = Vec::new();
    while let Some((_, after)) = rest.split_once('%') {
        rest = match after.strip_prefix('%') {
            Some(escaped) => escaped,
            None => match after.strip_prefix('(').and_then(|inner| inner.split_once(")s")) {
                Some((key, following)) => {
                    found.push(key);
                    following
                }
                None => after,
            },
        };
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '.' | '-'))
}

/// Whether a `%` is neither doubled nor the beginning of a reference to another key.
fn has_loose_percent(value: &str) -> bool {
    let rest = value.replace("%%", "");
    rest.match_indices('%').any(|(position, _)| !rest[position + 1..].starts_with('('))
}
