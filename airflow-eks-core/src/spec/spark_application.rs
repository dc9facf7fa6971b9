//! Spark applications.

use std::collections::BTreeMap;

use bon::Builder;
use k8s_openapi::api::core::v1::{EnvVar, Volume, VolumeMount};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CapacityType, appends};
use crate::types::{ImageReference, LabelName, NamespaceName, Quantity, SparkMemory, SparkVersion};

/// A Spark application for the Spark Operator.
///
/// Placement is one word each: `pool` names a Karpenter node pool of the stack, from which selector and toleration are
/// taken, so that they cannot disagree.
///
/// ```
/// use airflow_eks_core::spec::{CapacityType, SparkApplication, SparkDriver, SparkExecutor};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let pi = SparkApplication::builder()
///     .name("pyspark-pi".parse()?)
///     .team("spark-team-a".parse()?)
///     .image("apache/spark:4.0.1".parse()?)
///     .spark_version("4.0.1".parse()?)
///     .main_application_file("local:///opt/spark/examples/src/main/python/pi.py")
///     .pool("spark-compute-optimized".parse()?)
///     .driver(SparkDriver::builder().on(CapacityType::OnDemand).build())
///     .executor(SparkExecutor::builder().on(CapacityType::Spot).instances(2).build())
///     .build();
/// assert_eq!(pi.executor.instances, 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SparkApplication {
    /// Arguments of the program.
    #[serde(default)]
    #[builder(field)]
    pub arguments: Vec<String>,
    /// Volumes of driver and executors.
    #[serde(default)]
    #[builder(field)]
    pub volumes: Vec<Volume>,
    /// Its name.
    pub name: LabelName,
    /// The team whose namespace it runs in.
    pub team: NamespaceName,
    /// What the program is written in. The default is `Python`.
    #[serde(default, rename = "type")]
    #[builder(default)]
    pub language: SparkLanguage,
    /// The image.
    pub image: ImageReference,
    /// The Spark version in that image.
    pub spark_version: SparkVersion,
    /// The program: a path in the image as `local://…`, or a URL such as `s3a://…`.
    #[builder(into)]
    pub main_application_file: String,
    /// The class to start; required for `Java` and `Scala`.
    #[builder(into)]
    pub main_class: Option<String>,
    /// Spark properties.
    #[serde(default)]
    #[builder(default)]
    pub spark_conf: BTreeMap<String, String>,
    /// Hadoop properties.
    #[serde(default)]
    #[builder(default)]
    pub hadoop_conf: BTreeMap<String, String>,
    /// The Karpenter node pool to run on. The default is the team's; without either, any node.
    pub pool: Option<LabelName>,
    /// The driver.
    #[serde(default)]
    #[builder(default)]
    pub driver: SparkDriver,
    /// The executors.
    #[serde(default)]
    #[builder(default)]
    pub executor: SparkExecutor,
    /// What happens when it fails. The default is never to restart.
    #[serde(default)]
    #[builder(default)]
    pub restart: SparkRestart,
    /// After how many seconds an application that has ended is deleted. The default is never.
    pub time_to_live_seconds: Option<u32>,
}

appends!(SparkApplicationBuilder in spark_application_builder {
    /// Adds an argument.
    argument(String) => arguments;
    /// Adds a volume.
    volume(Volume) => volumes;
});

/// What a program is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum SparkLanguage {
    /// Python.
    #[default]
    Python,
    /// Scala.
    Scala,
    /// Java.
    Java,
    /// R.
    R,
}

/// The driver of a Spark application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SparkDriver {
    /// Environment variables.
    #[builder(field)]
    pub env: Vec<EnvVar>,
    /// Where volumes are mounted.
    #[builder(field)]
    pub volume_mounts: Vec<VolumeMount>,
    /// On-demand or Spot. The default is `on-demand`: an application dies with its driver.
    #[builder(default = CapacityType::OnDemand)]
    pub on: CapacityType,
    /// Processors. The default is 1.
    #[builder(default = 1)]
    pub cores: u32,
    /// The most processor time. The default is no limit.
    pub core_limit: Option<Quantity>,
    /// Memory of the Java virtual machine. The default is `512m`.
    #[builder(default = memory())]
    pub memory: SparkMemory,
    /// Labels of the pod.
    #[builder(default)]
    pub labels: BTreeMap<String, String>,
}

/// The executors of a Spark application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SparkExecutor {
    /// Environment variables.
    #[builder(field)]
    pub env: Vec<EnvVar>,
    /// Where volumes are mounted.
    #[builder(field)]
    pub volume_mounts: Vec<VolumeMount>,
    /// On-demand or Spot. The default is `spot`: Spark does the work of a lost executor again.
    #[builder(default = CapacityType::Spot)]
    pub on: CapacityType,
    /// How many. The default is 1.
    #[builder(default = 1)]
    pub instances: u32,
    /// Processors of each. The default is 1.
    #[builder(default = 1)]
    pub cores: u32,
    /// The most processor time of each. The default is no limit.
    pub core_limit: Option<Quantity>,
    /// Memory of each Java virtual machine. The default is `512m`.
    #[builder(default = memory())]
    pub memory: SparkMemory,
    /// Labels of the pods.
    #[builder(default)]
    pub labels: BTreeMap<String, String>,
}

fn memory() -> SparkMemory {
    crate::types::Known::known("512m")
}

super::default_is_built!(SparkDriver, SparkExecutor, SparkRestart);

/// What happens when an application fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SparkRestart {
    /// When it is started again. The default is `Never`.
    #[builder(default)]
    pub policy: SparkRestartPolicy,
    /// How often, with `OnFailure`. The default is 3.
    #[builder(default = 3)]
    pub retries: u32,
    /// How many seconds lie between two starts. The default is 10.
    #[builder(default = 10)]
    pub interval_seconds: u32,
    /// How often handing the application over is tried again. The default is 5.
    #[builder(default = 5)]
    pub submission_retries: u32,
    /// How many seconds lie between two such tries. The default is 20.
    #[builder(default = 20)]
    pub submission_interval_seconds: u32,
}

/// When an application is started again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum SparkRestartPolicy {
    /// Never.
    #[default]
    Never,
    /// When it failed.
    OnFailure,
    /// Whenever it ends.
    Always,
}
