//! The parts of a release.

/// A part of a release: whatever has pods of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::desired) enum Component {
    Scheduler,
    /// The web server of Airflow 2, the API server of Airflow 3.
    Web,
    Triggerer,
    DagProcessor,
    Worker,
    Statsd,
    Pgbouncer,
    /// Keeps a clone of the DAG repository on the shared volume.
    GitSync,
    MigrateDatabaseJob,
    CreateUserJob,
}

impl Component {
    /// All of them.
    pub(super) const ALL: &[Self] = &[
        Self::Scheduler,
        Self::Web,
        Self::Triggerer,
        Self::DagProcessor,
        Self::Worker,
        Self::Statsd,
        Self::Pgbouncer,
        Self::GitSync,
        Self::MigrateDatabaseJob,
        Self::CreateUserJob,
    ];

    /// Those that run for good and use the database.
    pub(super) const WITH_DATABASE: &[Self] =
        &[Self::Scheduler, Self::Web, Self::Triggerer, Self::DagProcessor];

    /// Its name in labels and object names.
    pub(in super::super) fn name(self, is_3: bool) -> &'static str {
        match self {
            Self::Scheduler => "scheduler",
            Self::Web if is_3 => "api-server",
            Self::Web => "webserver",
            Self::Triggerer => "triggerer",
            Self::DagProcessor => "dag-processor",
            Self::Worker => "worker",
            Self::Statsd => "statsd",
            Self::Pgbouncer => "pgbouncer",
            Self::GitSync => "git-sync",
            Self::MigrateDatabaseJob => "migrate-database-job",
            Self::CreateUserJob => "create-user-job",
        }
    }

    /// Whether its pods reach AWS, and so stand for an IAM role: whatever reads or writes task logs, or runs DAG code.
    pub(super) fn has_role(self) -> bool {
        matches!(self, Self::Scheduler | Self::Web | Self::Triggerer | Self::DagProcessor | Self::Worker)
    }
}
