//! The parts of an Airflow release.

use super::{Check, at, pod};
use crate::problem::Path;
use crate::spec::AirflowComponent;

pub(super) fn check(check: &mut Check<'_>) {
    let airflow = &check.spec.airflow;
    let path = at("airflow");
    let components = [
        ("scheduler", Some(&airflow.scheduler), 1),
        ("webserver", airflow.webserver.as_ref(), 1),
        ("apiServer", airflow.api_server.as_ref(), 1),
        ("dagProcessor", airflow.dag_processor.as_ref(), 1),
        ("triggerer", Some(&airflow.triggerer), 0),
    ];
    for (key, component, fewest) in components {
        if let Some(component) = component {
            one(check, &path.key(key), component, fewest);
        }
    }
    let workers = &airflow.workers;
    pod::environment(check, &path.key("workers").key("env"), &workers.env);
    pod::settings(check, &path.key("workers").key("pods"), &workers.pods);
    pod::settings(check, &path.key("jobs"), &airflow.jobs);
    pod::settings(check, &path.key("statsd").key("pods"), &airflow.statsd.pods);
    pgbouncer(check);
    admin_user(check);
}

fn one(check: &mut Check<'_>, path: &Path, component: &AirflowComponent, fewest: u32) {
    let replicas = component.replicas.unwrap_or(1);
    check.ensure(
        (fewest..=100).contains(&replicas),
        &path.key("replicas"),
        format!("{replicas} is not a number of pods that Airflow can work with"),
        format!("write a number from {fewest} to 100"),
    );
    pod::environment(check, &path.key("env"), &component.env);
    pod::settings(check, &path.key("pods"), &component.pods);
}

fn pgbouncer(check: &mut Check<'_>) {
    let pgbouncer = &check.spec.airflow.pgbouncer;
    let path = at("airflow").key("pgbouncer");
    pod::settings(check, &path.key("pods"), &pgbouncer.pods);
    check.ensure(
        (1..=20).contains(&pgbouncer.replicas),
        &path.key("replicas"),
        format!("{} is not a number of pods for PgBouncer", pgbouncer.replicas),
        "write a number from 1 to 20, or `enabled: false`",
    );
    check.ensure(
        pgbouncer.pool_size >= 1,
        &path.key("poolSize"),
        "without connections to the database nothing would work",
        "write at least 1",
    );
    check.ensure_reading(
        &[path.key("poolSize")],
        pgbouncer.max_client_connections >= pgbouncer.pool_size,
        &path.key("maxClientConnections"),
        format!(
            "{} is less than poolSize, which is {}",
            pgbouncer.max_client_connections, pgbouncer.pool_size
        ),
        "raise maxClientConnections: sharing connections is what PgBouncer is for",
    );
}

fn admin_user(check: &mut Check<'_>) {
    let user = &check.spec.airflow.admin_user;
    for (key, name) in [("firstName", &user.first_name), ("lastName", &user.last_name)] {
        check.ensure(
            !name.trim().is_empty() && name.chars().count() <= 64 && !name.chars().any(char::is_control),
            &at("airflow").key("adminUser").key(key),
            "a name of 1 to 64 characters is required",
            "write the name, or leave the key out",
        );
    }
}
