//! Airflow's metadata database.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::{Arn, DatabaseIdentifier, DatabaseInstanceClass, HostName, Known as _, PostgresVersion};

/// Airflow's metadata database: RDS for PostgreSQL, encrypted, reached over TLS only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Database {
    /// A PostgreSQL server that exists already. It is used, and never changed or deleted.
    pub existing: Option<ExistingDatabase>,
    /// The PostgreSQL version. The default is `17`.
    #[builder(default = PostgresVersion::known("17"))]
    pub version: PostgresVersion,
    /// The instance class. The default is `db.t4g.large`.
    #[builder(default = DatabaseInstanceClass::known("db.t4g.large"))]
    pub instance_class: DatabaseInstanceClass,
    /// Whether a standby waits in another zone. The default is true in production, false in a demo.
    pub multi_az: Option<bool>,
    /// Storage to begin with, in GiB, at least 20. The default is 20.
    #[builder(default = 20)]
    pub storage_gib: u32,
    /// How far storage may grow by itself, in GiB. The default is 100.
    #[builder(default = 100)]
    pub max_storage_gib: u32,
    /// How many days backups are kept, 0 to 35. The default is 7.
    #[builder(default = 7)]
    pub backup_retention_days: u8,
    /// Whether AWS refuses to delete it. The default is true in production, false in a demo.
    pub deletion_protection: Option<bool>,
    /// Whether Performance Insights is on. The default is true.
    #[builder(default = true)]
    pub performance_insights: bool,
    /// How far the server's certificate is trusted. The default is `require`.
    #[builder(default)]
    pub tls: DatabaseTls,
}

default_is_built!(Database);

/// How far the server's certificate is trusted.
/// See <https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DatabaseTls {
    /// The connection is encrypted, whoever answers.
    #[default]
    Require,
}

impl DatabaseTls {
    /// The word that libpq and PgBouncer use.
    #[must_use]
    pub fn ssl_mode(self) -> &'static str {
        match self {
            Self::Require => "require",
        }
    }
}

/// A PostgreSQL server that exists already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExistingDatabase {
    /// Its host name.
    pub host: HostName,
    /// Its port. The default is 5432.
    #[serde(default = "default_port")]
    #[builder(default = default_port())]
    pub port: u16,
    /// The database. The default is `airflow`.
    #[serde(default = "airflow")]
    #[builder(default = airflow())]
    pub name: DatabaseIdentifier,
    /// The user. The default is `airflow`.
    #[serde(default = "airflow")]
    #[builder(default = airflow())]
    pub user: DatabaseIdentifier,
    /// The secret in Secrets Manager that holds the user's password: as plain text, not as JSON, and made of letters,
    /// digits, `-`, `.`, `_` and `~` only, because it becomes part of a URL.
    pub password_secret_arn: Arn,
}

fn default_port() -> u16 {
    5432
}

fn airflow() -> DatabaseIdentifier {
    DatabaseIdentifier::known("airflow")
}
