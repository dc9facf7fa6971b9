//! What holds data.

use super::{DEFAULT, Row, applied, converges, each_plans_exactly, there_and_back};

#[test]
fn the_database() {
    let place = applied(DEFAULT, &[]);
    let rows: &[Row] = &[
        (&["database.instanceClass=db.t4g.xlarge"], &["DbInstance database: update dbInstanceClass"]),
        (&["database.maxStorageGib=200"], &["DbInstance database: update maxAllocatedStorage"]),
        (&["database.backupRetentionDays=14"], &["DbInstance database: update backupRetentionPeriod"]),
        (&["database.deletionProtection=false"], &["DbInstance database: update deletionProtection"]),
        (&["database.multiAz=false"], &["DbInstance database: update multiAZ"]),
        (&["database.performanceInsights=false"], &["DbInstance database: update enablePerformanceInsights"]),
        (&["database.storageGib=40"], &["DbInstance database: update allocatedStorage"]),
    ];
    each_plans_exactly(&place, &[], rows);
    let all: Vec<&str> = rows.iter().flat_map(|(sets, _)| *sets).copied().collect();
    converges(&place, &all, &[]);
    // Disks never shrink, and one that has grown by itself does for what is asked.
    converges(&place, &[], &[]);
}

#[test]
fn what_holds_data() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["fileSystem.throughputMode=bursting"], &["FileSystem dags: update throughputMode"]),
            (&["fileSystem.backup=false"], &["FileSystem dags: update backup"]),
            (&["logBucket.expireAfterDays=30"], &["Bucket logs: update expireAfterDays"]),
            (&["logBucket.versioning=true"], &["Bucket logs: update versioning"]),
            (
                &["logBucket.prefix=other"],
                &[
                    "Role airflow-api-server: update inlinePolicies.task-logs",
                    "Role airflow-scheduler: update inlinePolicies.task-logs",
                    "Role airflow-triggerer: update inlinePolicies.task-logs",
                    "Role airflow-worker: update inlinePolicies.task-logs",
                    "Bucket logs: update expirePrefix",
                ],
            ),
            (
                &["observability.logRetentionDays=90"],
                &[
                    "LogGroup containers: update retentionInDays",
                    "LogGroup database-postgresql: update retentionInDays",
                    "LogGroup database-upgrade: update retentionInDays",
                ],
            ),
        ],
    );
}
