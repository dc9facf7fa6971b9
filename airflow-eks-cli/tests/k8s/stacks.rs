//! Stacks, and charts that stand in for those that cannot be had here.

use std::path::{Path, PathBuf};

use airflow_eks_testbed::Chart;

/// The add-ons whose charts come from elsewhere.
const REMOTE: [&str; 9] = [
    "karpenter",
    "clusterAutoscaler",
    "clusterProportionalAutoscaler",
    "awsLoadBalancerController",
    "kubePrometheusStack",
    "amazonManagedPrometheus",
    "kubecost",
    "cloudwatchMetrics",
    "awsForFluentBit",
];

/// Turns every add-on off that comes from elsewhere, but some.
pub(crate) fn without_remote_addons(but: &[&str]) -> Vec<String> {
    let off = REMOTE.iter().filter(|addon| !but.contains(addon));
    off.map(|addon| format!("addons.{addon}.enabled=false")).collect()
}

/// Airflow in a cluster that is there already: one namespace of the stack's name, and nothing that belongs to the whole
/// cluster. `more` is added to what is said of Airflow.
pub(crate) fn small(name: &str, more: &str) -> String {
    format!("{}\n{}", head(name), airflow(name, more))
}

/// The part of a small stack before Airflow.
pub(crate) fn head(name: &str) -> String {
    let addons: String = ["ebsCsiDriver", "efsCsiDriver", "metricsServer"]
        .iter()
        .chain(&REMOTE)
        .map(|addon| format!("  {addon}: {{enabled: false}}\n"))
        .collect();
    format!(
        "name: {name}\nregion: us-west-2\nenvironment: demo\nnodeGroups: [{{name: core}}]\nfileSystem: {{enabled: false}}\n\
         addons:\n{addons}"
    )
}

/// The part of a small stack that is Airflow: as few pods as it can have.
pub(crate) fn airflow(name: &str, more: &str) -> String {
    format!(
        "airflow:\n  namespace: {name}\n  loadExamples: true\n  ingress: {{enabled: false}}\n  \
         scheduler: {{replicas: 1}}\n  triggerer: {{replicas: 0}}\n{more}"
    )
}

/// `addons.x.chart.path=…` of a chart that the test bed has.
pub(crate) fn chart_of(addon: &str, chart: &str) -> String {
    format!("addons.{addon}.chart.path={}", Chart::named(chart).unwrap().folder.display())
}

/// Writes a chart that takes any values and makes a Deployment and some ConfigMaps, in place of one that is not here.
pub(crate) fn stand_in(folder: &Path, name: &str) -> PathBuf {
    let chart = folder.join(name);
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    let about = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    std::fs::write(chart.join("Chart.yaml"), about).unwrap();
    std::fs::write(chart.join("values.yaml"), "color: red\n").unwrap();
    std::fs::write(chart.join("templates/all.yaml"), TEMPLATE).unwrap();
    chart
}

const TEMPLATE: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}, annotations: {color: "{{ .Values.color }}"}}
    spec: {containers: [{name: main, image: example.invalid/stand-in:1}]}
{{- range $i := until 5 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ $.Release.Name }}-{{ $i }}"}
data: {color: "{{ $.Values.color }}"}
{{- end }}
"#;
