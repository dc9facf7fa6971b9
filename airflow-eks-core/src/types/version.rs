//! Versions, and what each supports.

use super::text::{ensure, shown, text_type};

text_type! {
    /// A Kubernetes minor version as EKS names it.
    KubernetesVersion, kubernetes_version, example "1.35",
        source "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html";
    /// An Apache Airflow release: 2.11 or any 3.x.
    AirflowVersion, airflow_version, example "3.3.2",
        source "https://airflow.apache.org/docs/apache-airflow/stable/installation/supported-versions.html";
    /// The version of a chart or add-on.
    AddonVersion, addon_version, example "1.9.0",
        source "https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html";
    /// The PostgreSQL version of the metadata database: a major version, or major and minor.
    PostgresVersion, postgres_version, example "17",
        source "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html";
    /// A Spark release.
    SparkVersion, spark_version, example "4.0.1",
        source "https://spark.apache.org/downloads.html";
}

/// The parts of a dotted version; parts that are no numbers count as zero.
fn numbers(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

impl KubernetesVersion {
    /// The minor version: 35 of `1.35`.
    #[must_use]
    pub fn minor(&self) -> u32 {
        numbers(self.as_str()).1
    }
}

impl AirflowVersion {
    /// Major, minor and patch number.
    #[must_use]
    pub fn numbers(&self) -> (u32, u32, u32) {
        numbers(self.as_str())
    }

    /// Whether this is Airflow 3 or later: an API server instead of a web server, and always a DAG processor.
    #[must_use]
    pub fn is_3(&self) -> bool {
        self.numbers().0 >= 3
    }
}

fn dotted(text: &str, parts: std::ops::RangeInclusive<usize>) -> bool {
    let words: Vec<&str> = text.split('.').collect();
    parts.contains(&words.len())
        && words.iter().all(|word| {
            (1..=4).contains(&word.len())
                && word.chars().all(|c| c.is_ascii_digit())
                && (*word == "0" || !word.starts_with('0'))
        })
}

fn kubernetes_version(text: &str) -> Result<(), String> {
    ensure(dotted(text, 2..=2) && text.starts_with("1."), || {
        format!("{} is not a Kubernetes minor version; EKS chooses the patch itself", shown(text))
    })
}

fn airflow_version(text: &str) -> Result<(), String> {
    ensure(dotted(text, 3..=3), || format!("{} is not a release of three numbers", shown(text)))?;
    let (major, minor, _) = numbers(text);
    match (major, minor) {
        (2, 11) | (3, _) => Ok(()),
        (2, _) => {
            Err(format!("{} is not supported; 2.11 is the release to go to within Airflow 2", shown(text)))
        }
        _ => Err(format!("{} is not a release of Airflow 2 or 3", shown(text))),
    }
}

fn addon_version(text: &str) -> Result<(), String> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    semver::Version::parse(bare).map(|_| ()).map_err(|_| {
        format!("{} is not a full version; a range or `latest` would give two runs two stacks", shown(text))
    })
}

fn postgres_version(text: &str) -> Result<(), String> {
    ensure(dotted(text, 1..=2), || format!("{} is not a PostgreSQL version", shown(text)))?;
    let (major, _, _) = numbers(text);
    ensure((13..=18).contains(&major), || {
        format!("PostgreSQL {major} is not one that both RDS and Airflow support; 13 to 18 are")
    })
}

fn spark_version(text: &str) -> Result<(), String> {
    ensure(dotted(text, 3..=3), || format!("{} is not a Spark release of three numbers", shown(text)))?;
    let (major, _, _) = numbers(text);
    ensure((3..=4).contains(&major), || format!("Spark {major} is not supported; 3 and 4 are"))
}
