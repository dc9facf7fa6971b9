//! Real charts and the real Helm, on a control plane of their own.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

use std::{collections::BTreeSet, fs};

use airflow_eks_testbed::{CHART_SOURCES, Chart, FreshOptions, OciRegistry, TestBed, unique_namespace};

/// The kinds in a rendered chart.
fn kinds(manifests: &str) -> BTreeSet<&str> {
    manifests.lines().filter_map(|line| line.strip_prefix("kind: ")).collect()
}

fn template(chart: &Chart, more: &[&str]) -> String {
    let folder = chart.folder.to_string_lossy();
    let arguments = [&["template", "release", &folder], &chart.set_arguments()[..], more].concat();
    TestBed::connect().unwrap().helm().run(&format!("render {}", chart.name), &arguments).unwrap()
}

#[test]
fn kubectl_and_helm_are_the_released_ones() {
    let test_bed = TestBed::connect().unwrap();
    let version = test_bed.released_kubectl().run("tell its version", &["version"]).unwrap();
    assert!(version.contains("Client Version: v1.35."), "{version}");
    let version = test_bed.helm().run("tell its version", &["version", "--short"]).unwrap();
    assert!(version.starts_with("v4."), "{version}");
}

#[test]
fn every_chart_renders() {
    for source in CHART_SOURCES {
        let chart = Chart::of(&source).unwrap();
        assert!(!kinds(&template(&chart, &[])).is_empty(), "{chart:?}");
    }
}

#[test]
fn between_them_the_charts_have_all_that_charts_can_have() {
    let external_secrets = template(&Chart::named("external-secrets").unwrap(), &[]);
    assert_eq!(external_secrets.matches("\nkind: Deployment\n").count(), 3);
    let definitions = template(&Chart::named("karpenter-crd").unwrap(), &[]);
    assert_eq!(kinds(&definitions), BTreeSet::from(["CustomResourceDefinition"]));

    let spark_operator = Chart::named("spark-operator").unwrap();
    assert!(fs::read_dir(spark_operator.folder.join("crds")).unwrap().count() >= 2);
    let hooks = template(&spark_operator, &["--set", "hook.upgradeCrd=true"]);
    assert!(hooks.contains("helm.sh/hook"), "{hooks}");

    assert!(kinds(&template(&Chart::named("metrics-server").unwrap(), &[])).contains("APIService"));
}

const NODE_POOL: &str = r#"
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: default}
spec:
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
      requirements: [{key: karpenter.sh/capacity-type, operator: In, values: [spot]}]
"#;

#[test]
fn kinds_that_a_chart_defines_are_played_too() {
    let test_bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let chart = Chart::named("karpenter-crd").unwrap();
    let folder = chart.folder.to_string_lossy();
    test_bed.helm().run("install Karpenter's definitions", &["install", "crds", &folder, "--wait"]).unwrap();
    let file = test_bed.kubeconfig_path().with_file_name("node-pool.yaml");
    fs::write(&file, NODE_POOL).unwrap();
    test_bed.kubectl().run("apply", &["apply", "--filename", &file.to_string_lossy()]).unwrap();
    let wait = ["wait", "nodepool", "default", "--for=condition=Ready", "--timeout=5s"];
    // A kind is found a while after it is served: how long depends on how busy the machine is.
    let is_ready = || {
        test_bed.play_new_kinds().unwrap();
        test_bed.kubectl().run("wait for the node pool", &wait).is_ok()
    };
    assert!((0..12).any(|_| is_ready()), "nobody plays the node pool");
}

#[test]
fn helm_installs_charts_where_nobody_has_their_definitions_yet() {
    let test_bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    for source in CHART_SOURCES {
        let chart = Chart::of(&source).unwrap();
        let folder = chart.folder.to_string_lossy();
        let install = ["install", &chart.name, &folder, "--dry-run=server"];
        let arguments = [&install[..], &chart.set_arguments()].concat();
        test_bed.helm().run(&format!("try to install {}", chart.name), &arguments).unwrap();
    }

    // Its hook is a Job, which has to complete.
    let chart = Chart::named("spark-operator").unwrap();
    let (folder, wait) = (chart.folder.to_string_lossy(), "--wait");
    let install = ["install", "spark", &folder, "--set", "hook.upgradeCrd=true", wait, "--timeout=60s"];
    test_bed.helm().run("install with a hook", &install).unwrap();
    let reasons = ["get", "events", "--output=jsonpath={.items[*].reason}"];
    let reasons = test_bed.kubectl().run("look at the events", &reasons).unwrap();
    assert!(reasons.contains("Completed"), "{reasons}");

    let chart = Chart::named("metrics-server").unwrap();
    let registry = OciRegistry::start().unwrap();
    let folder = std::env::temp_dir().join(unique_namespace("chart"));
    fs::create_dir_all(&folder).unwrap();
    let archive = chart.package(&test_bed.helm(), &folder).unwrap();
    let repository = registry.push(&test_bed.helm(), &archive).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let reference = format!("{repository}/{}", chart.name);
    let install = ["install", "metrics", &reference, "--version", &chart.version, "--plain-http", "--wait"];
    test_bed.helm().run("install from a registry", &install).unwrap();
    let ready = ["get", "deployment", "metrics-metrics-server", "--output=jsonpath={.status.readyReplicas}"];
    assert_eq!(test_bed.kubectl().run("look at the Deployment", &ready).unwrap(), "1");
}
