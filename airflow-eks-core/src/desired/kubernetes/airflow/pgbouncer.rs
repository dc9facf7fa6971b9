//! PgBouncer: many Airflow processes share a few connections to the database.
//! See <https://www.pgbouncer.org/config.html>.

use k8s_openapi::api::core::v1::{
    Container, ExecAction, Lifecycle, LifecycleHandler, Probe, SecretVolumeSource, Volume,
};

use super::super::secrets::SecretTemplate;
use super::container::{mount, security_context};
use super::database::{PGBOUNCER_PORT, Server, alias};
use super::environment::secret;
use super::service::{port, service};
use super::statsd::container_port;
use super::workload::{NOBODY, Pods, Replacement, deployment, disruption_budget};
use super::{Component, Release, container, probes, resources, secrets};
use crate::graph::{GeneratedSecret, KubernetesObject};

const METRICS_PORT: i32 = 9127;
/// The name of the port that Prometheus reads.
pub(super) const METRICS_PORT_NAME: &str = "metrics";
/// How long a pod waits for its clients before it ends.
const DRAIN_SECONDS: i64 = 120;

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::Pgbouncer;
    if !release.has(component) {
        return Vec::new();
    }
    let settings = &release.spec.pgbouncer;
    let config = secrets::object(
        release,
        "pgbouncer-config",
        vec![
            ("pgbouncer.ini", SecretTemplate::default().text(configuration(release))),
            ("users.txt", users(release)),
        ],
    );
    let stats = secrets::object(release, "pgbouncer-stats", vec![("connection", stats(release))]);
    let pods = Pods {
        component,
        settings: &settings.pods,
        user: NOBODY,
        grace_seconds: DRAIN_SECONDS + 30,
        annotations: container::checksums(&[("pgbouncer-config", config.clone())]),
        init_containers: Vec::new(),
        containers: vec![main(release), exporter(release)],
        volumes: vec![Volume {
            name: "pgbouncer-config".to_owned(),
            secret: Some(SecretVolumeSource {
                secret_name: Some(release.named("pgbouncer-config")),
                ..SecretVolumeSource::default()
            }),
            ..Volume::default()
        }],
    };
    let ports = vec![port("pgbouncer", PGBOUNCER_PORT, "TCP"), port(METRICS_PORT_NAME, METRICS_PORT, "TCP")];
    vec![
        config,
        stats,
        deployment(release, pods, settings.replicas, Replacement::Surge),
        service(release, component, ports, false),
        disruption_budget(release, component),
    ]
}

fn main(release: Release<'_>) -> Container {
    let drain = format!("killall -INT pgbouncer && sleep {DRAIN_SECONDS}");
    let drain = ExecAction { command: Some(vec!["/bin/sh".to_owned(), "-c".to_owned(), drain]) };
    Container {
        name: "pgbouncer".to_owned(),
        image: Some(release.spec.pgbouncer.image.to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        security_context: Some(security_context()),
        command: Some(vec!["pgbouncer".to_owned(), "/etc/pgbouncer/pgbouncer.ini".to_owned()]),
        ports: Some(vec![container_port("pgbouncer", PGBOUNCER_PORT, None)]),
        liveness_probe: Some(probes::tcp(PGBOUNCER_PORT)),
        readiness_probe: Some(probes::tcp(PGBOUNCER_PORT)),
        resources: Some(resources::of(Component::Pgbouncer, &release.spec.pgbouncer.pods)),
        volume_mounts: Some(vec![mount("pgbouncer-config", "/etc/pgbouncer", None)]),
        lifecycle: Some(Lifecycle {
            pre_stop: Some(LifecycleHandler { exec: Some(drain), ..LifecycleHandler::default() }),
            ..Lifecycle::default()
        }),
        ..Container::default()
    }
}

fn exporter(release: Release<'_>) -> Container {
    let healthy = ExecAction { command: Some(vec!["pgbouncer_exporter".to_owned(), "health".to_owned()]) };
    let probe = Probe {
        exec: Some(healthy),
        initial_delay_seconds: Some(10),
        timeout_seconds: Some(5),
        ..Probe::default()
    };
    Container {
        name: "metrics-exporter".to_owned(),
        image: Some(release.spec.pgbouncer.exporter_image.to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        security_context: Some(security_context()),
        env: Some(vec![secret("DATABASE_URL", &release.named("pgbouncer-stats"), "connection")]),
        ports: Some(vec![container_port(METRICS_PORT_NAME, METRICS_PORT, None)]),
        liveness_probe: Some(probe.clone()),
        readiness_probe: Some(probe),
        resources: Some(resources::requests("50m", "64Mi")),
        ..Container::default()
    }
}

/// `pgbouncer.ini`. Connections are lent out by the transaction; prepared statements still work, because PgBouncer
/// follows them since 1.21, and Airflow 3's asynchronous driver needs them.
fn configuration(release: Release<'_>) -> String {
    let settings = &release.spec.pgbouncer;
    let Server { host, port, name, user } = Server::of(release);
    let ssl_mode = release.stack.spec().database.tls.ssl_mode();
    let (alias, pool, most) = (alias(release), settings.pool_size, settings.max_client_connections);
    format!(
        "[databases]\n\
         {alias} = host={host} dbname={name} port={port} pool_size={pool}\n\
         \n\
         [pgbouncer]\n\
         listen_addr = *\n\
         listen_port = {PGBOUNCER_PORT}\n\
         pool_mode = transaction\n\
         max_prepared_statements = 100\n\
         max_client_conn = {most}\n\
         auth_type = scram-sha-256\n\
         auth_file = /etc/pgbouncer/users.txt\n\
         stats_users = {user}\n\
         ignore_startup_parameters = extra_float_digits\n\
         server_tls_sslmode = {ssl_mode}\n\
         log_connections = 0\n\
         log_disconnections = 0\n"
    )
}

fn users(release: Release<'_>) -> SecretTemplate {
    SecretTemplate::default()
        .text(format!("\"{}\" \"", Server::of(release).user))
        .then(GeneratedSecret::DatabasePassword)
        .text("\"\n")
}

fn stats(release: Release<'_>) -> SecretTemplate {
    SecretTemplate::default()
        .text(format!("postgresql://{}:", Server::of(release).user))
        .then(GeneratedSecret::DatabasePassword)
        .text(format!("@127.0.0.1:{PGBOUNCER_PORT}/pgbouncer?sslmode=disable"))
}
