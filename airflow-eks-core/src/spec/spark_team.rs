//! Spark on Kubernetes, and the teams that use it.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SparkApplication, appends};
use crate::types::{LabelName, NamespaceName, ObjectName, Quantity};

/// Spark on Kubernetes, driven from Airflow. One switch brings operator, history server, teams and Airflow's right to
/// run their applications.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Spark {
    /// The teams, each with a namespace.
    #[builder(field)]
    pub teams: Vec<SparkTeam>,
    /// Applications that run as soon as they are applied. Those that Airflow starts do not belong here.
    #[builder(field)]
    pub applications: Vec<SparkApplication>,
    /// Whether Spark is set up. The default is false.
    #[builder(default)]
    pub enabled: bool,
}

appends!(SparkBuilder in spark_builder {
    /// Adds a team.
    team(SparkTeam) => teams;
    /// Adds an application.
    application(SparkApplication) => applications;
});

/// A team that runs Spark applications: a namespace, a service account, and rights within that namespace only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SparkTeam {
    /// Its name, which is also its namespace.
    pub name: NamespaceName,
    /// The service account of drivers and executors. The default is the team's name.
    pub service_account: Option<ObjectName>,
    /// What all pods of the team together may ask for, such as `requests.cpu: "100"`. The default is no limit.
    #[serde(default)]
    #[builder(default)]
    pub quota: BTreeMap<String, Quantity>,
    /// Whether Airflow may run the team's applications. The default is true.
    #[serde(default = "yes")]
    #[builder(default = yes())]
    pub airflow_access: bool,
    /// The Karpenter node pool that the team's applications run on where they do not say.
    pub node_pool: Option<LabelName>,
}

fn yes() -> bool {
    true
}

impl SparkTeam {
    /// The service account of drivers and executors.
    #[must_use]
    pub fn service_account(&self) -> &str {
        self.service_account.as_ref().map_or(self.name.as_str(), ObjectName::as_str)
    }
}
