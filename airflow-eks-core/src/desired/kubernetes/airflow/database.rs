//! How Airflow reaches its database.

use super::super::secrets::SecretTemplate;
use super::{Component, Release};
use crate::graph::{GeneratedSecret, Late, Output};

/// PgBouncer's port.
pub(super) const PGBOUNCER_PORT: i32 = 6543;

/// The server itself.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: String,
    pub(super) user: String,
}

impl Server {
    pub(super) fn of(release: Release<'_>) -> Self {
        match &release.stack.spec().database.existing {
            Some(existing) => Self {
                host: existing.host.to_string(),
                port: existing.port,
                name: existing.name.to_string(),
                user: existing.user.to_string(),
            },
            None => Self {
                host: Late::Output(Output::DatabaseEndpoint).mark(),
                port: 5432,
                name: "airflow".to_owned(),
                user: "airflow".to_owned(),
            },
        }
    }
}

/// The value of `PGSSLMODE`, which every driver of PostgreSQL reads, where Airflow itself connects to the server.
pub(super) fn ssl_mode(release: Release<'_>) -> Option<&'static str> {
    (!release.has(Component::Pgbouncer)).then(|| release.stack.spec().database.tls.ssl_mode())
}

/// The database that PgBouncer offers.
pub(super) fn alias(release: Release<'_>) -> String {
    release.named("metadata")
}

/// The URL that Airflow connects with: through PgBouncer where there is one.
///
/// It does not ask for encryption: PgBouncer asks on the leg to the server, and without one [`ssl_mode`] does, because
/// Airflow 3's asynchronous driver takes no such word in a URL. Generated passwords need no escapes in one.
pub(super) fn connection(release: Release<'_>) -> SecretTemplate {
    let server = Server::of(release);
    let to = if release.has(Component::Pgbouncer) {
        let host = format!("{}.{}", release.name(Component::Pgbouncer), release.namespace());
        format!("@{host}:{PGBOUNCER_PORT}/{}", alias(release))
    } else {
        format!("@{}:{}/{}", server.host, server.port, server.name)
    };
    SecretTemplate::default()
        .text(format!("postgresql://{}:", server.user))
        .then(GeneratedSecret::DatabasePassword)
        .text(to)
}
