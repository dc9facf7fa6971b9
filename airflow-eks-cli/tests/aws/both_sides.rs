//! Both sides in one run: AWS by its stand-in, and a real API server as that of the stack's cluster.

use airflow_eks_testbed::{FreshOptions, TestBed};
use serde_json::json;

use crate::support::Place;

/// Charts come from registries, which are not here.
const WITHOUT_CHARTS: &[&str] = &[
    "--set=addons.awsLoadBalancerController.enabled=false",
    "--set=addons.awsForFluentBit.enabled=false",
    "--set=addons.clusterAutoscaler.enabled=false",
    "--set=airflow.ingress.enabled=false",
];

/// The stand-in tells where the API is; its tokens are none that the API server would know, so a kubeconfig leads there.
#[test]
fn a_stack_is_made_and_removed_as_a_whole() {
    let cluster = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let place = Place::new();
    place.preset("minimal");
    let before = place.aws.dump(&place.account).unwrap();
    let kubeconfig = cluster.kubeconfig_path().display().to_string();
    let run =
        |arguments: &[&str]| place.run(&[arguments, &["--kubeconfig", &kubeconfig], WITHOUT_CHARTS].concat());

    let made = run(&["apply", "--yes"]);
    made.ok();
    assert!(made.stderr.contains("airflow-eks ui"), "{}", made.stderr);
    let scheduler = ["get", "deployment", "--namespace=airflow", "airflow-scheduler", "--output=name"];
    assert!(cluster.kubectl().run("get the scheduler", &scheduler).unwrap().contains("airflow-scheduler"));

    // The password in the cluster is the one that AWS keeps, and nobody has said it.
    let shown =
        ["secretsmanager", "list-secrets", "--query", "SecretList[?contains(Name, 'database')].Name | [0]"];
    let name = place.aws_cli(&shown);
    let value = place.aws_cli(&["secretsmanager", "get-secret-value", "--secret-id", name.as_str().unwrap()]);
    let password = value["SecretString"].as_str().unwrap();
    assert!(!format!("{made:?}").contains(password), "a secret was printed");
    let pgbouncer = ["get", "secret", "--namespace=airflow", "airflow-pgbouncer-config", "--output=json"];
    let text = cluster.kubectl().run("get the secret", &pgbouncer).unwrap();
    let secret: serde_json::Value = serde_json::from_str(&text).unwrap();
    let data = secret["data"].as_object().unwrap();
    assert!(data.values().any(|entry| decoded(entry.as_str().unwrap()).contains(password)));

    place.aws.clear_requests(&place.account).unwrap();
    run(&["plan", "--exit-code"]).ok();
    run(&["apply", "--yes"]).ok();
    assert_eq!(place.mutations(), [""; 0], "a second apply changes nothing");

    let status = run(&["status", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(status["ready"], json!(true), "{status}");

    let removed = run(&["destroy", "--yes", "--delete-data"]);
    removed.ok();
    assert!(
        removed.stdout.contains("in the cluster: objects and Helm releases     none"),
        "{}",
        removed.stdout
    );
    assert_eq!(place.aws.dump(&place.account).unwrap(), before, "destroy leaves nothing");
    let namespaces =
        cluster.kubectl().run("list namespaces", &["get", "namespaces", "--output=name"]).unwrap();
    assert!(!namespaces.contains("namespace/airflow"), "{namespaces}");
}

/// What stands in a Secret.
fn decoded(text: &str) -> String {
    use std::process::{Command, Stdio};
    let mut child =
        Command::new("base64").arg("--decode").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
