//! How each component says that it is well: over HTTP where it can, because starting Python for a question takes seconds
//! of processor time.

use k8s_openapi::api::core::v1::{ExecAction, HTTPGetAction, HTTPHeader, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Release, web};

/// The scheduler's health port.
pub(super) const SCHEDULER_PORT: i32 = 8974;

/// The path at which the web interface says whether it is well. Airflow 3 answers nothing at Airflow 2's.
pub(super) fn web_path(release: Release<'_>) -> &'static str {
    if release.is_3() { "/api/v2/monitor/health" } else { "/health" }
}

/// Liveness, readiness and start of the web interface. The last allows five minutes.
pub(super) fn web(release: Release<'_>) -> (Probe, Probe, Probe) {
    let host = web::public_host(release);
    let header = |value: String| vec![HTTPHeader { name: "Host".to_owned(), value }];
    let get = HTTPGetAction { http_headers: host.map(header), ..get(web_path(release), web::PORT) };
    let probe = Probe {
        http_get: Some(get),
        timeout_seconds: Some(10),
        period_seconds: Some(10),
        failure_threshold: Some(6),
        ..Probe::default()
    };
    (probe.clone(), probe.clone(), Probe { failure_threshold: Some(30), ..probe })
}

/// Liveness and start of the scheduler.
pub(super) fn scheduler() -> (Probe, Probe) {
    let probe = Probe {
        http_get: Some(get("/health", SCHEDULER_PORT)),
        timeout_seconds: Some(10),
        period_seconds: Some(30),
        failure_threshold: Some(5),
        ..Probe::default()
    };
    (probe.clone(), Probe { period_seconds: Some(10), failure_threshold: Some(30), ..probe })
}

/// Liveness of a component that answers no questions: its heartbeat in the database. Asking takes a few seconds, so it is
/// asked rarely.
pub(super) fn job(job_type: &str) -> Probe {
    let question = format!(
        "CONNECTION_CHECK_MAX_COUNT=0 AIRFLOW__LOGGING__LOGGING_LEVEL=ERROR exec /entrypoint airflow jobs check --job-type {job_type} --local"
    );
    Probe {
        exec: Some(ExecAction { command: Some(vec!["sh".to_owned(), "-c".to_owned(), question]) }),
        initial_delay_seconds: Some(30),
        timeout_seconds: Some(30),
        period_seconds: Some(60),
        failure_threshold: Some(5),
        ..Probe::default()
    }
}

/// A path that answers.
pub(super) fn http(path: &str, port: i32) -> Probe {
    Probe {
        http_get: Some(get(path, port)),
        initial_delay_seconds: Some(10),
        timeout_seconds: Some(5),
        ..Probe::default()
    }
}

/// A port that accepts connections.
pub(super) fn tcp(port: i32) -> Probe {
    let socket = TCPSocketAction { port: IntOrString::Int(port), ..TCPSocketAction::default() };
    Probe { tcp_socket: Some(socket), ..Probe::default() }
}

fn get(path: &str, port: i32) -> HTTPGetAction {
    HTTPGetAction { path: Some(path.to_owned()), port: IntOrString::Int(port), ..HTTPGetAction::default() }
}
