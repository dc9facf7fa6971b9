//! Both sides in one run: AWS by its stand-in, and a real API server as that of the stack's cluster.

use airflow_eks_testbed::{Error, FreshOptions, TestBed};

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
fn a_stack_is_made_and_removed_as_a_whole() -> Result<(), Error> {
    let cluster = TestBed::fresh(FreshOptions::default().with_nodes())?;
    let place = Place::new();
    place.preset("minimal");
    let before = place.aws.dump(&place.account)?;
    let kubeconfig = cluster.kubeconfig_path().display().to_string();
    let run =
        |arguments: &[&str]| place.run(&[arguments, &["--kubeconfig", &kubeconfig], WITHOUT_CHARTS].concat());

    let made = run(&["apply", "--yes"]);
    made.ok();
    assert!(made.stderr.contains("airflow-eks ui"), "{}", made.stderr);
    let scheduler = ["get", "deployment", "--namespace=airflow", "airflow-scheduler", "--output=name"];
    assert!(cluster.kubectl().run("get the scheduler", &scheduler)?.contains("airflow-scheduler"));

    // The password in the cluster is the one that AWS keeps, and nobody has said it.
    let kept = ["secretsmanager", "get-secret-value", "--secret-id=airflow-minimal/database/password"];
    let password =
        place.aws_cli(&kept)["SecretString"].as_str().map(str::to_owned).expect("AWS keeps a password");
    assert!(!format!("{made:?}").contains(&password), "a secret was printed");
    let decoded = "--output=go-template={{range .data}}{{base64decode .}}{{end}}";
    let secret = ["get", "secret", "--namespace=airflow", "airflow-pgbouncer-config", decoded];
    assert!(cluster.kubectl().run("read the secret", &secret)?.contains(&password));

    place.aws.clear_requests(&place.account)?;
    run(&["plan", "--exit-code"]).ok();
    run(&["apply", "--yes"]).ok();
    assert_eq!(place.mutations(), [""; 0], "a second apply changes nothing");

    let status = run(&["status", "--output", "json"]);
    assert!(status.ok().stdout.contains("\n  \"ready\": true,\n"), "{}", status.stdout);

    let removed = run(&["destroy", "--yes", "--delete-data"]);
    removed.ok();
    assert!(
        removed.stdout.contains("in the cluster: objects and Helm releases     none"),
        "{}",
        removed.stdout
    );
    assert_eq!(place.aws.dump(&place.account)?, before, "destroy leaves nothing");
    let namespaces = cluster.kubectl().run("list namespaces", &["get", "namespaces", "--output=name"])?;
    assert!(!namespaces.contains("namespace/airflow"), "{namespaces}");
    Ok(())
}
