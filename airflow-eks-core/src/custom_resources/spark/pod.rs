//! The pods of a Spark application: one driver, and executors.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Container, EnvFromSource, EnvVar, HostAlias, Lifecycle, PodDNSConfig, PodSecurityContext,
    PodTemplateSpec, SecurityContext, Toleration, VolumeMount,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What driver and executors have in common.
// Without `deny_unknown_fields`, because a flattened struct is offered the fields of the outer one too:
// driver and executor refuse what neither of the two knows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SparkPodSpec {
    /// Cores that Spark reckons with, and that are requested without `core_request`. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cores: Option<i32>,
    /// CPU that is requested of Kubernetes, such as `500m`. Default: `cores`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core_request: Option<String>,
    /// The most CPU, such as `1200m`. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core_limit: Option<String>,
    /// Memory of the JVM in the notation of Java, such as `512m` or `2g`. Default: `1g`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
    /// The most memory of the container. Default: memory and overhead together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<String>,
    /// Memory beside the heap, in MiB without a unit. Default: `memory_overhead_factor` of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_overhead: Option<String>,
    /// GPUs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu: Option<GpuSpec>,
    /// Container image. Default: that of the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Options of the JVM; the heap is not set here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub java_options: Option<String>,
    /// Environment variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// Config maps and secrets whose keys become environment variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_from: Vec<EnvFromSource>,
    /// Environment variables by name. Deprecated upstream for `env`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env_vars: BTreeMap<String, String>,
    /// Environment variables from secrets, by name. Deprecated upstream for `env`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env_secret_key_refs: BTreeMap<String, NameKey>,
    /// Config maps to mount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub config_maps: Vec<NamePath>,
    /// Secrets to mount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretInfo>,
    /// Where volumes of the application are mounted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volume_mounts: Vec<VolumeMount>,
    /// Labels of the pod.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations of the pod.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Name of the service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// Ports of the Spark container.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// Labels that a node must have. Excludes `node_selector` of the application.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub node_selector: BTreeMap<String, String>,
    /// Affinity and anti-affinity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// Taints that the pod tolerates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tolerations: Vec<Toleration>,
    /// Name of the priority class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<String>,
    /// Name of the scheduler. Default: that of Kubernetes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler_name: Option<String>,
    /// Security context of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_security_context: Option<PodSecurityContext>,
    /// Security context of the Spark container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_context: Option<SecurityContext>,
    /// Containers beside the Spark container.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sidecars: Vec<Container>,
    /// Containers that run to their end before the Spark container starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub init_containers: Vec<Container>,
    /// Hooks of the Spark container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Lifecycle>,
    /// Seconds between the termination signal and the end by force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// Whether the pod is in the network of its node. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_network: Option<bool>,
    /// Entries of the hosts file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub host_aliases: Vec<HostAlias>,
    /// DNS settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_config: Option<PodDNSConfig>,
    /// Whether the containers see each other's processes. Default: no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_process_namespace: Option<bool>,
    /// A pod that Spark starts from, for what has no field of its own. Needs Spark 3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<PodTemplateSpec>,
}

/// The pod that runs the main program.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DriverSpec {
    /// What driver and executors have in common; written beside the other fields.
    #[serde(flatten)]
    pub pod: SparkPodSpec,
    /// Name of the pod, for an application in client mode inside of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_name: Option<String>,
    /// URL of the API server. Default: `https://kubernetes.default.svc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes_master: Option<String>,
    /// Labels of the headless service by which executors find the driver.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_labels: BTreeMap<String, String>,
    /// Annotations of that service.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub service_annotations: BTreeMap<String, String>,
}

/// The pods that do the work.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExecutorSpec {
    /// What driver and executors have in common; written beside the other fields.
    #[serde(flatten)]
    pub pod: SparkPodSpec,
    /// How many. Default: 1, unless their number is dynamic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instances: Option<i32>,
    /// Whether finished executor pods are deleted. Default of Spark: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_on_termination: Option<bool>,
}

/// GPUs of a pod.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GpuSpec {
    /// Name of the resource, such as `nvidia.com/gpu`.
    pub name: String,
    /// How many.
    pub quantity: i64,
}

/// A key of a secret.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameKey {
    /// Name of the secret.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A config map and where it is mounted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamePath {
    /// Name of the config map.
    pub name: String,
    /// Folder in the container.
    pub path: String,
}

/// A secret and where it is mounted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretInfo {
    /// Name of the secret.
    pub name: String,
    /// Folder in the container.
    pub path: String,
    /// What Spark is told about it.
    pub secret_type: SecretType,
}

/// What Spark is told about a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum SecretType {
    /// Nothing.
    #[default]
    Generic,
    /// It is a key of a Google service account: `GOOGLE_APPLICATION_CREDENTIALS` points to it.
    #[serde(rename = "GCPServiceAccount")]
    GcpServiceAccount,
    /// It is a delegation token of Hadoop: `HADOOP_TOKEN_FILE_LOCATION` points to it.
    HadoopDelegationToken,
}

/// A port of the Spark container.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Port {
    /// Name of the port.
    pub name: String,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Number of the port.
    pub container_port: i32,
}
