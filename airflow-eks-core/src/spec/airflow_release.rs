//! Airflow itself.

use std::collections::BTreeMap;

use bon::Builder;
use k8s_openapi::api::core::v1::EnvVar;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AdminUser, AirflowComponent, AirflowDags, AirflowIngress, AirflowWorkers, Pgbouncer, PodSettings, Statsd,
    appends, default_is_built,
};
use crate::types::{AirflowVersion, ImageReference, Known as _, LabelName, NamespaceName, ObjectName};

/// The Airflow release that a stack gets where it does not say.
pub const DEFAULT_AIRFLOW_VERSION: &str = "3.3.2";

/// A release of Apache Airflow, rendered natively: no chart is involved.
///
/// ```
/// use airflow_eks_core::spec::{AirflowComponent, AirflowRelease};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let airflow = AirflowRelease::builder()
///     .version("2.11.2".parse()?)
///     .scheduler(AirflowComponent::builder().replicas(3).build())
///     .build();
/// assert_eq!(airflow.image().as_str(), "apache/airflow:2.11.2");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AirflowRelease {
    /// Environment variables of every Airflow container.
    #[builder(field)]
    pub env: Vec<EnvVar>,
    /// Secrets of type `kubernetes.io/dockerconfigjson` for pulling images.
    #[builder(field)]
    pub image_pull_secrets: Vec<ObjectName>,
    /// The Airflow version.
    #[builder(default = AirflowVersion::known(DEFAULT_AIRFLOW_VERSION))]
    pub version: AirflowVersion,
    /// The image. The default is `apache/airflow` of that version; an image of your own must hold that version too.
    pub image: Option<ImageReference>,
    /// The name that its objects begin with. The default is `airflow`.
    #[builder(default = LabelName::known("airflow"))]
    pub name: LabelName,
    /// Its namespace. The default is `airflow`.
    #[builder(default = NamespaceName::known("airflow"))]
    pub namespace: NamespaceName,
    /// How tasks are run. The default is `KubernetesExecutor`.
    #[builder(default)]
    pub executor: Executor,
    /// Where DAGs come from.
    #[builder(default)]
    pub dags: AirflowDags,
    /// Where task logs are kept. The default is `s3`.
    #[builder(default)]
    pub logs: TaskLogs,
    /// Settings of `airflow.cfg`, by section and key, over those that the stack sets.
    #[builder(default)]
    pub config: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether Airflow's own example DAGs are loaded. The default is false.
    #[builder(default)]
    pub load_examples: bool,
    /// The first user, who may do everything. The password is generated.
    #[builder(default)]
    pub admin_user: AdminUser,
    /// The scheduler. The default is 2 replicas.
    #[builder(default)]
    pub scheduler: AirflowComponent,
    /// The web server of Airflow 2. The default is 2 replicas.
    pub webserver: Option<AirflowComponent>,
    /// The API server of Airflow 3. The default is 2 replicas.
    pub api_server: Option<AirflowComponent>,
    /// The DAG processor: always there in Airflow 3, and in Airflow 2 where this is given. The default is 1 replica.
    pub dag_processor: Option<AirflowComponent>,
    /// The triggerer. The default is 1 replica; 0 leaves it out.
    #[builder(default)]
    pub triggerer: AirflowComponent,
    /// Pods of the Jobs that migrate the database and create the first user.
    #[builder(default)]
    pub jobs: PodSettings,
    /// Pods of tasks.
    #[builder(default)]
    pub workers: AirflowWorkers,
    /// The StatsD exporter.
    #[builder(default)]
    pub statsd: Statsd,
    /// PgBouncer, between Airflow and its database.
    #[builder(default)]
    pub pgbouncer: Pgbouncer,
    /// How the web interface is reached from outside the cluster.
    #[builder(default)]
    pub ingress: AirflowIngress,
}

default_is_built!(AirflowRelease);

appends!(AirflowReleaseBuilder in airflow_release_builder {
    /// Adds an environment variable to every Airflow container.
    env_var(EnvVar) => env;
    /// Adds a secret for pulling images.
    image_pull_secret(ObjectName) => image_pull_secrets;
});

impl AirflowRelease {
    /// The image of every Airflow container.
    #[must_use]
    pub fn image(&self) -> ImageReference {
        self.image.clone().unwrap_or_else(|| ImageReference::of("apache/airflow", self.version.as_str()))
    }

    /// What the stack says of the component that serves the web interface.
    #[must_use]
    pub fn web(&self) -> AirflowComponent {
        let said = if self.version.is_3() { &self.api_server } else { &self.webserver };
        said.clone().unwrap_or_default()
    }

    /// What the stack says of the DAG processor; nothing where the scheduler parses DAGs itself.
    #[must_use]
    pub fn dag_processor(&self) -> Option<AirflowComponent> {
        match &self.dag_processor {
            None if self.version.is_3() => Some(AirflowComponent::default()),
            said => said.clone(),
        }
    }
}

/// How tasks are run.
/// See <https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/executor/index.html>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Executor {
    /// Each task in a pod of its own.
    #[default]
    KubernetesExecutor,
    /// Within the scheduler.
    LocalExecutor,
    /// By workers that take tasks from a queue.
    CeleryExecutor,
}

impl Executor {
    /// Its name in `airflow.cfg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KubernetesExecutor => "KubernetesExecutor",
            Self::LocalExecutor => "LocalExecutor",
            Self::CeleryExecutor => "CeleryExecutor",
        }
    }
}

/// Where task logs are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TaskLogs {
    /// In the stack's log bucket.
    #[default]
    S3,
    /// In the pods, and lost with them.
    Pods,
}
