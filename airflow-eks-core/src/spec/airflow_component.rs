//! What can be set on each part of an Airflow release.

use std::collections::BTreeMap;

use bon::Builder;
use k8s_openapi::api::core::v1::{
    Affinity, EnvVar, ResourceRequirements, Toleration, TopologySpreadConstraint,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{appends, default_is_built};
use crate::types::{EmailAddress, ImageReference, Known as _, UserName};

/// What can be set on the scheduler, web server, API server, triggerer or DAG processor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AirflowComponent {
    /// Environment variables of its main container.
    #[builder(field)]
    pub env: Vec<EnvVar>,
    /// How many pods. The default depends on the component.
    pub replicas: Option<u32>,
    /// Where its pods run and what they get.
    #[builder(default)]
    pub pods: PodSettings,
}

appends!(AirflowComponentBuilder in airflow_component_builder {
    /// Adds an environment variable.
    env_var(EnvVar) => env;
});

/// Where pods run, and what they get.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PodSettings {
    /// Which taints they tolerate.
    #[builder(field)]
    pub tolerations: Vec<Toleration>,
    /// How they are spread.
    #[builder(field)]
    pub topology_spread_constraints: Vec<TopologySpreadConstraint>,
    /// What the main container asks for and may use.
    pub resources: Option<ResourceRequirements>,
    /// Labels that a node must carry.
    #[builder(default)]
    pub node_selector: BTreeMap<String, String>,
    /// Which nodes and neighbours they prefer or need. The default spreads the pods of a component over nodes.
    pub affinity: Option<Affinity>,
    /// Annotations of the pods.
    #[builder(default)]
    pub annotations: BTreeMap<String, String>,
    /// Labels of the pods.
    #[builder(default)]
    pub labels: BTreeMap<String, String>,
    /// The priority class of the pods.
    #[builder(into)]
    pub priority_class_name: Option<String>,
}

appends!(PodSettingsBuilder in pod_settings_builder {
    /// Adds a toleration.
    toleration(Toleration) => tolerations;
    /// Adds a rule of spreading.
    topology_spread_constraint(TopologySpreadConstraint) => topology_spread_constraints;
});

/// Pods of tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AirflowWorkers {
    /// Environment variables of tasks.
    #[builder(field)]
    pub env: Vec<EnvVar>,
    /// How long a task may take to end when its pod is taken away, in seconds. The default is 600.
    #[builder(default = 600)]
    pub termination_grace_period_seconds: u32,
    /// Whether the pods of finished tasks are deleted. The default is true.
    #[builder(default = true)]
    pub delete_finished_pods: bool,
    /// Where the pods run and what they get.
    #[builder(default)]
    pub pods: PodSettings,
}

default_is_built!(AirflowWorkers, Statsd, Pgbouncer, AdminUser);

appends!(AirflowWorkersBuilder in airflow_workers_builder {
    /// Adds an environment variable.
    env_var(EnvVar) => env;
});

/// The StatsD exporter: Airflow's metrics for Prometheus.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Statsd {
    /// Whether there is one. The default is true.
    #[builder(default = true)]
    pub enabled: bool,
    /// Its image.
    #[builder(default = ImageReference::known("quay.io/prometheus/statsd-exporter:v0.28.0"))]
    pub image: ImageReference,
    /// Where its pod runs and what it gets.
    #[builder(default)]
    pub pods: PodSettings,
}

/// PgBouncer: many Airflow processes share a few connections to the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Pgbouncer {
    /// Whether there is one. The default is true.
    #[builder(default = true)]
    pub enabled: bool,
    /// Its image.
    #[builder(default = ImageReference::known("apache/airflow:airflow-pgbouncer-2025.03.05-1.23.1"))]
    pub image: ImageReference,
    /// The image of its metrics exporter.
    #[builder(default = ImageReference::known("apache/airflow:airflow-pgbouncer-exporter-2025.03.05-0.18.0"))]
    pub exporter_image: ImageReference,
    /// How many pods. The default is 1.
    #[builder(default = 1)]
    pub replicas: u32,
    /// Connections that each pod keeps open to the database. The default is 10.
    #[builder(default = 10)]
    pub pool_size: u32,
    /// Connections that each pod accepts. The default is 100.
    #[builder(default = 100)]
    pub max_client_connections: u32,
    /// Where its pods run and what they get.
    #[builder(default)]
    pub pods: PodSettings,
}

/// The first user, who may do everything. The password is generated, kept in Secrets Manager, and never a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AdminUser {
    /// Whether the user is created. The default is true.
    #[builder(default = true)]
    pub create: bool,
    /// The name to log in with. The default is `admin`.
    #[builder(default = UserName::known("admin"))]
    pub username: UserName,
    /// The e-mail address. The default is `admin@example.com`.
    #[builder(default = EmailAddress::known("admin@example.com"))]
    pub email: EmailAddress,
    /// The first name. The default is `Admin`.
    #[builder(default = "Admin".to_owned(), into)]
    pub first_name: String,
    /// The last name. The default is `User`.
    #[builder(default = "User".to_owned(), into)]
    pub last_name: String,
}
