//! `airflow.cfg`: each key where the release's own version looks for it.
//! See <https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html>.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::container::AIRFLOW_HOME;
use super::{Component, Release, config_map, connections, dags, probes, web};
use crate::desired::Names;
use crate::spec::TaskLogs;

type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// Where task pods' template is mounted.
pub(super) fn pod_template_path() -> String {
    format!("{AIRFLOW_HOME}/pod_templates/{}", config_map::POD_TEMPLATE)
}

/// The file's text: sections and keys in alphabetical order, the user's values over those of the stack.
pub(super) fn text(release: Release<'_>) -> String {
    let mut sections = own(release);
    for (section, entries) in &release.spec.config {
        sections.entry(section.clone()).or_default().extend(entries.clone());
    }
    let mut text = String::new();
    for (section, entries) in sections {
        let gap = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{gap}[{section}]");
        for (key, value) in entries {
            // Python's reader joins an indented line to the value before it.
            let _ = writeln!(text, "{key} = {}", value.trim_end_matches('\n').replace('\n', "\n    "));
        }
    }
    text
}

/// What the stack itself decides.
fn own(release: Release<'_>) -> Sections {
    let mut config = Writer(Sections::new());
    core(release, &mut config);
    logging(release, &mut config);
    executor(release, &mut config);
    config.set("scheduler", "enable_health_check", "True");
    config.set("scheduler", "scheduler_health_check_server_port", &probes::SCHEDULER_PORT.to_string());
    if release.has(Component::Statsd) {
        let host = format!("{}.{}", release.name(Component::Statsd), release.namespace());
        config.set("metrics", "statsd_on", "True");
        config.set("metrics", "statsd_host", &host);
        config.set("metrics", "statsd_port", "9125");
        config.set("metrics", "statsd_prefix", "airflow");
        if !release.is_3() {
            // Airflow 3 counts in milliseconds, as Airflow 2 does when told so.
            config.set("metrics", "timer_unit_consistency", "True");
        }
    }
    web_interface(release, &mut config);
    config.0
}

fn core(release: Release<'_>, config: &mut Writer) {
    config.set("core", "dags_folder", &dags::folder(release));
    config.set("core", "executor", release.spec.executor.as_str());
    config.set("core", "load_examples", truth(release.spec.load_examples));
    // Logs of running tasks are fetched from their pods by address: pods of a Deployment have no resolvable name.
    config.set("core", "hostname_callable", "airflow.utils.net.get_host_ip_address");
    config.set("core", "auth_manager", "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager");
    if release.is_3() {
        config.set("core", "execution_api_server_url", &format!("{}/execution/", web::internal_url(release)));
    } else {
        config.set("scheduler", "standalone_dag_processor", truth(release.has(Component::DagProcessor)));
    }
}

fn logging(release: Release<'_>, config: &mut Writer) {
    config.set("logging", "colored_console_log", "False");
    let remote = release.spec.logs == TaskLogs::S3;
    config.set("logging", "remote_logging", truth(remote));
    if remote {
        config.set("logging", "remote_base_log_folder", &Names::of(release.stack).log_folder());
        config.set("logging", "remote_log_conn_id", connections::LOGS);
        config.set("logging", "delete_local_logs", "True");
    }
}

fn executor(release: Release<'_>, config: &mut Writer) {
    let image = release.spec.image();
    let section = "kubernetes_executor";
    config.set(section, "namespace", release.namespace());
    config.set(section, "pod_template_file", &pod_template_path());
    config.set(section, "delete_worker_pods", truth(release.spec.workers.delete_finished_pods));
    // An image named by digest stays as the pod template has it: these two keys can only say repository and tag.
    if let (Some(tag), None) = (image.tag(), image.digest()) {
        config.set(section, "worker_container_repository", image.repository());
        config.set(section, "worker_container_tag", tag);
    }
}

fn web_interface(release: Release<'_>, config: &mut Writer) {
    let (section, proxy_section) = if release.is_3() { ("api", "fab") } else { ("webserver", "webserver") };
    config.set(section, "expose_config", "False");
    config.set(proxy_section, "enable_proxy_fix", "True");
    if let Some(url) = web::public_url(release) {
        config.set(section, "base_url", &url);
    }
}

struct Writer(Sections);

impl Writer {
    fn set(&mut self, section: &str, key: &str, value: &str) {
        // Python's reader takes `%` as the beginning of a reference.
        let value = value.replace('%', "%%");
        self.0.entry(section.to_owned()).or_default().insert(key.to_owned(), value);
    }
}

fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
