//! Cluster add-ons, each a switch.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::types::{AddonVersion, ChartName, ChartPath, ChartRepository, OciReference};

/// One add-on: on or off, its version, and settings of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Addon {
    /// Whether it is installed. The default differs: see [`AddonKind::enabled_by_default`].
    pub enabled: Option<bool>,
    /// Its version, in full: two runs of one stack are to install the same. Left out, airflow-eks chooses.
    pub version: Option<AddonVersion>,
    /// Where its chart comes from instead of its project: a mirror, or a file. EKS add-ons have no chart.
    pub chart: Option<AddonChart>,
    /// Values of its chart, or the configuration of its EKS add-on, over those that the stack sets.
    #[builder(default)]
    pub values: Map<String, Value>,
}

/// Where a chart comes from: exactly one of `repository`, `oci` and `path`. From a repository or a registry it needs the
/// add-on's `version`. Karpenter's definitions are a chart of their own beside it, whose name ends with `-crd`.
///
/// ```
/// use airflow_eks_core::spec::{Addon, AddonChart};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let mirror = AddonChart::builder().oci("oci://registry.example.com/charts/keda".parse()?).build();
/// let keda = Addon::builder().enabled(true).version("2.20.2".parse()?).chart(mirror).build();
/// assert!(keda.chart.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AddonChart {
    /// The URL of a chart repository, without credentials.
    pub repository: Option<ChartRepository>,
    /// The name of the chart in `repository`. The default is the one that its project gave it.
    pub name: Option<ChartName>,
    /// The reference of the chart in an OCI registry, without a version.
    pub oci: Option<OciReference>,
    /// A folder or an archive on this machine, as seen from where airflow-eks runs.
    pub path: Option<ChartPath>,
}

/// How an add-on is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddonDelivery {
    /// As an EKS add-on, through the EKS API.
    EksAddon,
    /// As its project's own Helm chart.
    Chart,
    /// As an AWS service outside the cluster.
    Service,
}

macro_rules! addons {
    ($( $(#[$doc:meta])* $field:ident, $kind:ident, $word:literal, $delivery:ident, $enabled:literal; )+) => {
        /// Cluster add-ons, each a switch.
        ///
        /// ```
        /// use airflow_eks_core::spec::{Addon, AddonKind, Addons};
        ///
        /// let addons = Addons::builder().kubecost(Addon::builder().enabled(false).build()).build();
        /// assert_eq!(addons.get(AddonKind::Kubecost).enabled, Some(false));
        /// assert!(AddonKind::Karpenter.enabled_by_default());
        /// ```
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
        #[serde(rename_all = "camelCase", default)]
        #[non_exhaustive]
        pub struct Addons {
            $(
                $(#[$doc])*
                #[builder(default)]
                pub $field: Addon,
            )+
        }

        /// Every add-on there is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum AddonKind {
            $( $(#[$doc])* $kind, )+
        }

        impl AddonKind {
            /// All of them, in the order of `stack.yaml`.
            pub const ALL: &[Self] = &[$( Self::$kind, )+];

            /// Its key in `stack.yaml`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $( Self::$kind => $word, )+ }
            }

            /// How it is installed.
            #[must_use]
            pub fn delivery(self) -> AddonDelivery {
                match self { $( Self::$kind => AddonDelivery::$delivery, )+ }
            }

            /// Whether it is installed where the stack does not say.
            #[must_use]
            pub fn enabled_by_default(self) -> bool {
                match self { $( Self::$kind => $enabled, )+ }
            }
        }

        impl Addons {
            /// What the stack says of one add-on.
            #[must_use]
            pub fn get(&self, kind: AddonKind) -> &Addon {
                match kind { $( AddonKind::$kind => &self.$field, )+ }
            }
        }
    };
}

addons! {
    /// Amazon VPC CNI: addresses for pods. Cannot be turned off.
    vpc_cni, VpcCni, "vpcCni", EksAddon, true;
    /// CoreDNS: names within the cluster. Cannot be turned off.
    coredns, Coredns, "coredns", EksAddon, true;
    /// kube-proxy: addresses of services. Cannot be turned off.
    kube_proxy, KubeProxy, "kubeProxy", EksAddon, true;
    /// EKS Pod Identity Agent. On by default where `identities.provider` needs it.
    pod_identity_agent, PodIdentityAgent, "podIdentityAgent", EksAddon, false;
    /// Amazon EBS CSI driver: block volumes.
    ebs_csi_driver, EbsCsiDriver, "ebsCsiDriver", EksAddon, true;
    /// Amazon EFS CSI driver: shared volumes.
    efs_csi_driver, EfsCsiDriver, "efsCsiDriver", EksAddon, true;
    /// Kubernetes Metrics Server.
    metrics_server, MetricsServer, "metricsServer", EksAddon, true;
    /// Karpenter: nodes as they are needed.
    karpenter, Karpenter, "karpenter", Chart, true;
    /// Cluster Autoscaler, for the managed node groups.
    cluster_autoscaler, ClusterAutoscaler, "clusterAutoscaler", Chart, true;
    /// Cluster Proportional Autoscaler, for CoreDNS.
    cluster_proportional_autoscaler, ClusterProportionalAutoscaler, "clusterProportionalAutoscaler", Chart, true;
    /// AWS Load Balancer Controller.
    aws_load_balancer_controller, AwsLoadBalancerController, "awsLoadBalancerController", Chart, true;
    /// Prometheus Operator, Prometheus and Grafana.
    kube_prometheus_stack, KubePrometheusStack, "kubePrometheusStack", Chart, true;
    /// Amazon Managed Service for Prometheus.
    amazon_managed_prometheus, AmazonManagedPrometheus, "amazonManagedPrometheus", Service, true;
    /// Kubecost.
    kubecost, Kubecost, "kubecost", Chart, true;
    /// CloudWatch Container Insights.
    cloudwatch_metrics, CloudwatchMetrics, "cloudwatchMetrics", Chart, true;
    /// AWS for Fluent Bit: container logs.
    aws_for_fluent_bit, AwsForFluentBit, "awsForFluentBit", Chart, true;
    /// External Secrets Operator.
    external_secrets, ExternalSecrets, "externalSecrets", Chart, false;
    /// KEDA.
    keda, Keda, "keda", Chart, false;
    /// Kubeflow Spark Operator.
    spark_operator, SparkOperator, "sparkOperator", Chart, false;
    /// Spark History Server.
    spark_history_server, SparkHistoryServer, "sparkHistoryServer", Chart, false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_add_on_is_known_by_its_key() {
        let written = serde_json::to_value(Addons::default()).unwrap();
        let mut keys: Vec<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        let mut known: Vec<&str> = AddonKind::ALL.iter().map(|kind| kind.key()).collect();
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known);
    }
}
