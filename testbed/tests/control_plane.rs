//! The running test bed is the referee that the tests of this workspace rely on: it has what they need, and it bites.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

use std::{
    process::Output,
    thread,
    time::{Duration, Instant},
};

use airflow_eks_testbed::{CRD_SOURCES, TestBed, unique_namespace};

/// A NodePool that the API server accepts. Tests that break a part of it start from here.
const NODE_POOL: &str = r#"
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: control-plane-test
spec:
  template:
    spec:
      nodeClassRef:
        group: karpenter.k8s.aws
        kind: EC2NodeClass
        name: default
      requirements:
        - key: karpenter.sh/capacity-type
          operator: In
          values: ["spot"]
"#;

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: example.invalid/web:1
"#;

/// Server-side apply with strict field validation, of which nothing is kept.
fn dry_run(test_bed: &TestBed, manifest: &str) -> Output {
    apply(test_bed, manifest, &["--dry-run=server"])
}

fn apply(test_bed: &TestBed, manifest: &str, extra: &[&str]) -> Output {
    let file = std::env::temp_dir().join(unique_namespace("manifest"));
    std::fs::write(&file, manifest).unwrap();
    let output = test_bed
        .kubectl()
        .command()
        .args(["apply", "--server-side", "--validate=strict", "--filename"])
        .arg(&file)
        .args(extra)
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    output
}

#[track_caller]
fn assert_accepted(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn assert_refused(output: &Output, because: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "accepted: {}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(because), "refused, but not because of {because:?}: {said}");
}

#[test]
fn the_api_server_is_of_a_supported_release() {
    let version = TestBed::connect().unwrap().kubernetes_version().to_owned();
    let minor: u32 = version.split('.').nth(1).unwrap().parse().unwrap();
    assert!(version.starts_with("v1.") && minor >= 34, "{version}");
}

#[test]
fn every_custom_resource_definition_is_established() {
    let groups = TestBed::connect().unwrap().kubectl().crd_groups().unwrap();
    for source in CRD_SOURCES {
        for wanted in source.groups {
            let found = groups.iter().find(|group| group.group == *wanted);
            assert!(found.is_some(), "{} brings no group {wanted}", source.project);
        }
    }
    assert!(groups.iter().all(|group| group.established == group.definitions), "{groups:?}");
}

#[test]
fn a_correct_node_pool_is_accepted() {
    assert_accepted(&dry_run(&TestBed::connect().unwrap(), NODE_POOL));
}

#[test]
fn a_misspelt_field_is_refused() {
    let misspelt = NODE_POOL.replace("requirements:", "requirments:");
    assert_refused(&dry_run(&TestBed::connect().unwrap(), &misspelt), "field not declared in schema");
}

#[test]
fn a_node_pool_that_breaks_a_rule_in_cel_is_refused() {
    let restricted = NODE_POOL.replace("key: karpenter.sh/capacity-type", "key: kubernetes.io/hostname");
    assert_refused(&dry_run(&TestBed::connect().unwrap(), &restricted), "restricted");
}

#[test]
fn a_rule_that_aws_adds_to_karpenter_is_enforced() {
    let unknown =
        NODE_POOL.replace("key: karpenter.sh/capacity-type", "key: karpenter.k8s.aws/no-such-label");
    assert_refused(
        &dry_run(&TestBed::connect().unwrap(), &unknown),
        "label domain \"karpenter.k8s.aws\" is restricted",
    );
}

#[test]
fn a_deployment_gets_its_replica_set() {
    let test_bed = TestBed::connect().unwrap();
    let namespace = unique_namespace("control-plane");
    test_bed.kubectl().create_namespace(&namespace).unwrap();
    assert_accepted(&apply(&test_bed, DEPLOYMENT, &["--namespace", &namespace]));

    let arguments =
        ["get", "replicasets", "--namespace", &namespace, "--output=jsonpath={.items[*].spec.replicas}"];
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut replicas = String::new();
    while replicas != "2" && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(100));
        replicas = test_bed.kubectl().run("list replica sets", &arguments).unwrap();
    }
    assert_eq!(replicas, "2");
    test_bed
        .kubectl()
        .run("delete the namespace", &["delete", "namespace", &namespace, "--wait=false"])
        .unwrap();
}
