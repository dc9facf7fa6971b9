//! `SparkApplication` of `sparkoperator.k8s.io/v1beta2`.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Volume;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BatchSchedulerConfiguration, DriverIngressConfiguration, DriverSpec, DynamicAllocation, ExecutorSpec,
    MonitoringSpec, RestartPolicy, SparkUiConfiguration,
};

custom_resource! {
    /// One run of a Spark program.
    SparkApplication(SparkApplicationSpec) =
        "sparkoperator.k8s.io" / "v1beta2" / "sparkapplications", NamespaceResourceScope
}

/// A Spark program and the pods that run it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SparkApplicationSpec {
    /// Language of the program.
    pub r#type: SparkApplicationType,
    /// Version of Spark in the image, such as `3.5.3`.
    pub spark_version: String,
    /// Where the driver runs. Default: `cluster`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<DeployMode>,
    /// Container image of every pod. Default: none; driver and executor then need their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// `Always`, `IfNotPresent` or `Never`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_pull_policy: Option<String>,
    /// Names of the secrets for the registry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<String>,
    /// The program: a JAR, Python or R file, such as `local:///opt/spark/job.py` or `s3a://bucket/job.py`.
    pub main_application_file: String,
    /// Class that has the main method, for Java and Scala.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_class: Option<String>,
    /// Arguments of the program.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// Properties of Spark.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spark_conf: BTreeMap<String, String>,
    /// Properties of Hadoop, without their prefix `spark.hadoop.`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hadoop_conf: BTreeMap<String, String>,
    /// Name of the config map with files such as `log4j.properties`, mounted where `SPARK_CONF_DIR` points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spark_config_map: Option<String>,
    /// Name of the config map with files such as `core-site.xml`, mounted where `HADOOP_CONF_DIR` points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hadoop_config_map: Option<String>,
    /// What the program needs beside its own file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deps: Option<Dependencies>,
    /// Volumes that driver and executors can mount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// The pod that runs the main program.
    pub driver: DriverSpec,
    /// The pods that do the work.
    pub executor: ExecutorSpec,
    /// A number of executors that follows the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic_allocation: Option<DynamicAllocation>,
    /// Labels that nodes must have. Upstream means to deprecate it for those of driver and executor.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub node_selector: BTreeMap<String, String>,
    /// When the application is started again. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
    /// The operator (2.5.1) does not read it: see `restart_policy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_retries: Option<i32>,
    /// The operator (2.5.1) does not read it: see `restart_policy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_interval: Option<i64>,
    /// Seconds after its end until the application is deleted. Default: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_live_seconds: Option<i64>,
    /// Whether it is held back; set later, it ends the pods of a running application. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// User that the program runs as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_user: Option<String>,
    /// Major version of Python in the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_version: Option<PythonVersion>,
    /// Share of memory beside the heap, such as `0.1`. Default: 0.10 for programs of the JVM, else 0.40.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_overhead_factor: Option<String>,
    /// Metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitoring: Option<MonitoringSpec>,
    /// Which batch scheduler places the pods, such as `volcano`. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_scheduler: Option<String>,
    /// What the batch scheduler is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_scheduler_options: Option<BatchSchedulerConfiguration>,
    /// Service and ingress of the web interface.
    #[serde(rename = "sparkUIOptions", skip_serializing_if = "Option::is_none")]
    pub spark_ui_options: Option<SparkUiConfiguration>,
    /// Services and ingresses of other ports of the driver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub driver_ingress_options: Vec<DriverIngressConfiguration>,
}

/// Language of a Spark program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum SparkApplicationType {
    /// Java.
    Java,
    /// Python.
    Python,
    /// Scala; what the operator takes for a type that is not set.
    #[default]
    Scala,
    /// R.
    R,
}

/// Where the driver runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeployMode {
    /// In a pod of its own.
    Cluster,
    /// In the pod of whoever submits the application.
    Client,
}

/// Major version of Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PythonVersion {
    /// Python 2.
    #[serde(rename = "2")]
    Two,
    /// Python 3.
    #[serde(rename = "3")]
    Three,
}

/// What a program needs beside its own file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dependencies {
    /// JAR files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jars: Vec<String>,
    /// Files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Python files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub py_files: Vec<String>,
    /// Maven packages as `group:artifact:version`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// Maven packages as `group:artifact` that others would bring and that are not wanted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_packages: Vec<String>,
    /// Maven repositories beside the central one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    /// Archives that each executor unpacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub archives: Vec<String>,
}
