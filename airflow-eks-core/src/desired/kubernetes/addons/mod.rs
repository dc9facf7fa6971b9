//! Add-ons that are Helm releases: one file an add-on, each with the values that the stack sets. The user's `values` lie over
//! them. Those that EKS installs are in `desired/aws/addon.rs`.

mod chart;
mod cloudwatch_metrics;
mod cluster_autoscaler;
mod cluster_proportional_autoscaler;
mod external_secrets;
mod fluent_bit;
mod karpenter;
mod keda;
mod kube_prometheus_stack;
mod kubecost;
mod load_balancer_controller;
mod release;
mod spark_history_server;
mod spark_operator;
#[cfg(test)]
mod tests;
mod values;
mod waits;

pub(super) use kube_prometheus_stack::secret_namespace;
pub(super) use release::AddonRelease;
pub(super) use waits::waits;

use crate::graph::KubernetesObject;
use crate::spec::AddonKind;
use crate::stack::Stack;

const KUBE_SYSTEM: &str = "kube-system";

/// What the add-ons of a stack are made of.
#[derive(Debug, Default)]
pub(super) struct Addons {
    /// Namespaces, secrets and the like that releases find there.
    pub(super) objects: Vec<KubernetesObject>,
    /// The releases.
    pub(super) releases: Vec<AddonRelease>,
}

impl Addons {
    pub(super) fn of(stack: &Stack) -> Self {
        let mut addons = Self::default();
        for kind in AddonKind::ALL.iter().filter(|kind| stack.spec().addon_enabled(**kind)) {
            let add = match kind {
                AddonKind::AwsForFluentBit => fluent_bit::add,
                AddonKind::AwsLoadBalancerController => load_balancer_controller::add,
                AddonKind::CloudwatchMetrics => cloudwatch_metrics::add,
                AddonKind::ClusterAutoscaler => cluster_autoscaler::add,
                AddonKind::ClusterProportionalAutoscaler => cluster_proportional_autoscaler::add,
                AddonKind::ExternalSecrets => external_secrets::add,
                AddonKind::Karpenter => karpenter::add,
                AddonKind::Keda => keda::add,
                AddonKind::KubePrometheusStack => kube_prometheus_stack::add,
                AddonKind::Kubecost => kubecost::add,
                AddonKind::SparkHistoryServer => spark_history_server::add,
                AddonKind::SparkOperator => spark_operator::add,
                // Installed by EKS, or nothing that runs in the cluster.
                AddonKind::AmazonManagedPrometheus
                | AddonKind::Coredns
                | AddonKind::EbsCsiDriver
                | AddonKind::EfsCsiDriver
                | AddonKind::KubeProxy
                | AddonKind::MetricsServer
                | AddonKind::PodIdentityAgent
                | AddonKind::VpcCni => continue,
            };
            add(stack, &mut addons);
        }
        addons
    }
}
