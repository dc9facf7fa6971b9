//! The charts of add-ons, each pinned, as its project offers it.

use crate::graph::{Chart, ChartSource};
use crate::spec::{AddonChart, AddonKind};
use crate::stack::Stack;

/// A chart in a repository.
const fn repository(url: &'static str, name: &'static str, version: &'static str) -> Pinned {
    Pinned { place: Place::Repository(url), name, version }
}

/// A chart in an OCI registry.
const fn oci(folder: &'static str, name: &'static str, version: &'static str) -> Pinned {
    Pinned { place: Place::Oci(folder), name, version }
}

/// A chart as its project offers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pinned {
    place: Place,
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Repository(&'static str),
    Oci(&'static str),
}

const EKS_CHARTS: &str = "https://aws.github.io/eks-charts";

/// See <https://karpenter.sh/docs/getting-started/getting-started-with-karpenter/>.
pub(super) const KARPENTER: Pinned = oci("oci://public.ecr.aws/karpenter", "karpenter", "1.14.1");
/// See <https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/charts/cluster-autoscaler>.
pub(super) const CLUSTER_AUTOSCALER: Pinned =
    repository("https://kubernetes.github.io/autoscaler", "cluster-autoscaler", "9.59.0");
/// See <https://github.com/kubernetes-sigs/cluster-proportional-autoscaler/tree/master/charts>.
pub(super) const CLUSTER_PROPORTIONAL_AUTOSCALER: Pinned = repository(
    "https://kubernetes-sigs.github.io/cluster-proportional-autoscaler",
    "cluster-proportional-autoscaler",
    "1.1.0",
);
/// See <https://github.com/aws/eks-charts/tree/master/stable/aws-load-balancer-controller>.
pub(super) const LOAD_BALANCER_CONTROLLER: Pinned =
    repository(EKS_CHARTS, "aws-load-balancer-controller", "3.5.0");
/// See <https://github.com/aws/eks-charts/tree/master/stable/aws-cloudwatch-metrics>.
pub(super) const CLOUDWATCH_METRICS: Pinned = repository(EKS_CHARTS, "aws-cloudwatch-metrics", "0.0.11");
/// See <https://github.com/aws/eks-charts/tree/master/stable/aws-for-fluent-bit>.
pub(super) const FLUENT_BIT: Pinned = repository(EKS_CHARTS, "aws-for-fluent-bit", "0.2.0");
/// See <https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack>.
pub(super) const KUBE_PROMETHEUS_STACK: Pinned =
    oci("oci://ghcr.io/prometheus-community/charts", "kube-prometheus-stack", "88.5.3");
/// See <https://github.com/kubecost/kubecost>.
pub(super) const KUBECOST: Pinned = repository("https://kubecost.github.io/kubecost", "kubecost", "3.2.1");
/// See <https://external-secrets.io/latest/introduction/getting-started/>.
pub(super) const EXTERNAL_SECRETS: Pinned =
    repository("https://charts.external-secrets.io", "external-secrets", "2.9.0");
/// See <https://keda.sh/docs/latest/deploy/>.
pub(super) const KEDA: Pinned = repository("https://kedacore.github.io/charts", "keda", "2.20.2");
/// See <https://www.kubeflow.org/docs/components/spark-operator/getting-started/>.
pub(super) const SPARK_OPERATOR: Pinned =
    repository("https://kubeflow.github.io/spark-operator", "spark-operator", "2.5.1");
/// See <https://github.com/kubedai/spark-history-server>.
pub(super) const SPARK_HISTORY_SERVER: Pinned =
    repository("https://kubedai.github.io/spark-history-server", "spark-history-server", "1.5.2");

impl Pinned {
    /// The chart that a stack installs: the pinned one, or what the stack says of it.
    pub(super) fn of(self, stack: &Stack, kind: AddonKind) -> Chart {
        let addon = stack.spec().addons.get(kind);
        let source = match (&addon.chart, self.place) {
            (Some(said), _) => self.said(said),
            (None, Place::Repository(url)) => {
                ChartSource::Repository { url: url.to_owned(), chart: self.name.to_owned() }
            }
            (None, Place::Oci(folder)) => ChartSource::Oci(format!("{folder}/{}", self.name)),
        };
        let version = match source {
            ChartSource::Path(_) => None,
            _ => Some(addon.version.as_ref().map_or_else(|| self.version.to_owned(), ToString::to_string)),
        };
        Chart { source, version }
    }

    fn said(self, said: &AddonChart) -> ChartSource {
        match (&said.repository, &said.oci, &said.path) {
            (_, Some(reference), _) => ChartSource::Oci(reference.to_string()),
            (_, _, Some(path)) => ChartSource::Path(path.to_string()),
            (url, ..) => ChartSource::Repository {
                url: url.as_ref().map(ToString::to_string).unwrap_or_default(),
                chart: said.name.as_ref().map_or(self.name, |name| name.as_str()).to_owned(),
            },
        }
    }
}

/// The chart with the definitions that belong to a chart: beside it, of the same version, its name ending with `-crd`.
pub(super) fn definitions(chart: &Chart) -> Chart {
    let source = match &chart.source {
        ChartSource::Repository { url, chart } => {
            ChartSource::Repository { url: url.clone(), chart: format!("{chart}-crd") }
        }
        ChartSource::Oci(reference) => ChartSource::Oci(format!("{reference}-crd")),
        ChartSource::Path(path) => ChartSource::Path(beside(path)),
    };
    Chart { source, version: chart.version.clone() }
}

/// `charts/karpenter` → `charts/karpenter-crd`, and `karpenter-1.14.1.tgz` → `karpenter-crd-1.14.1.tgz`.
fn beside(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
    let file = match file.split_once('-') {
        Some((name, version)) if version.ends_with(".tgz") => format!("{name}-crd-{version}"),
        _ => format!("{file}-crd"),
    };
    if path.contains('/') { format!("{folder}/{file}") } else { file }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn definitions_lie_beside_their_chart() {
        for (chart, definitions) in [
            ("charts/karpenter", "charts/karpenter-crd"),
            ("/charts/karpenter/", "/charts/karpenter-crd"),
            ("karpenter", "karpenter-crd"),
            ("karpenter-1.14.1.tgz", "karpenter-crd-1.14.1.tgz"),
            ("/a/karpenter-1.14.1.tgz", "/a/karpenter-crd-1.14.1.tgz"),
        ] {
            assert_eq!(beside(chart), definitions);
        }
    }
}
