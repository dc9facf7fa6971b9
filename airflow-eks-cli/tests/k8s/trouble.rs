//! What goes wrong ends in bounded time, and is told with its cause on one screen; a re-run goes on from there.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use airflow_eks_testbed::{FreshOptions, Server, TestBed};
use serde_json::{Value, json};

use crate::ran::Ran;
use crate::stacks::{small, without_remote_addons};
use crate::support::Place;

/// Longer than what a screen shows is nobody's cause.
const SCREEN: usize = 50;
/// How long starting, planning and ending may take beside what the program is given.
const AROUND: Duration = Duration::from_secs(15);

impl Place {
    /// Applies what cannot succeed, which ends within so many seconds.
    #[track_caller]
    fn fails_to_apply(&self, within: u64, words: &[&str]) -> Ran {
        let begun = Instant::now();
        let ran = self.apply_with(&[&format!("--timeout={within}s")]);
        assert!(begun.elapsed() < Duration::from_secs(within) + AROUND, "{:?}", begun.elapsed());
        ran.fails(3, words);
        // What is told from the first failure on.
        let told: Vec<&str> = ran.stderr.lines().skip_while(|line| !line.starts_with("failed ")).collect();
        assert!((1..=SCREEN).contains(&told.len()), "{told:#?}");
        let told = told.join("\n");
        let missing: Vec<_> = words.iter().filter(|word| !told.contains(**word)).collect();
        assert!(missing.is_empty(), "{missing:?} are not told together:\n{told}");
        ran
    }

    fn create(&self, object: &Value) {
        let mut command = self.bed.kubectl().command();
        let mut child = command.args(["create", "--filename=-"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(object.to_string().as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn an_image_that_cannot_be_pulled() {
    let place = Place::new();
    place.stack(&small(&place.name, "  statsd: {image: \"broken.invalid/statsd:1\"}\n"));
    let deployment = format!("Deployment {}/airflow-statsd", place.name);
    place.fails_to_apply(40, &[&deployment, "ImagePullBackOff", "broken.invalid/statsd:1", "no such host"]);
    // Everything else is there, and the next run goes on.
    assert_eq!(place.field("deployment/airflow-scheduler", "{.status.readyReplicas}"), "1");
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    place.is_settled();
}

#[test]
fn a_pod_that_fits_on_no_node() {
    let place = Place::new();
    place.stack(&small(&place.name, "  statsd: {pods: {nodeSelector: {no: where}}}\n"));
    let deployment = format!("Deployment {}/airflow-statsd", place.name);
    place.fails_to_apply(40, &[&deployment, "cannot be scheduled", "node affinity/selector"]);
}

#[test]
fn a_migration_that_fails() {
    let place = Place::new();
    let annotations = r#"{testbed.airflow-eks/exit-code: "1", testbed.airflow-eks/message: no such table}"#;
    place.stack(&small(&place.name, &format!("  jobs: {{annotations: {annotations}}}\n")));
    let job = format!("Job {}/airflow-run-airflow-migrations", place.name);
    let ran = place.fails_to_apply(40, &[&job, "ended with exit code 1: no such table", "  | RuntimeError"]);
    assert!(ran.stderr.contains("skipped Deployment"), "what needs it is not begun: {}", ran.stderr);
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    place.is_settled();
}

/// Whoever looks after the cluster lets no Service in.
#[test]
fn a_policy_that_refuses() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    let name = &place.name;
    let api = "admissionregistration.k8s.io/v1";
    place.create(&json!({ "apiVersion": api, "kind": "ValidatingAdmissionPolicy", "metadata": { "name": name }, "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": { "resourceRules": [{ "apiGroups": [""], "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"], "resources": ["services"] }] },
        "validations": [{ "expression": "false", "message": "ask the platform team for a service" }] } }));
    place.create(
        &json!({ "apiVersion": api, "kind": "ValidatingAdmissionPolicyBinding", "metadata": { "name": name },
        "spec": { "policyName": name, "validationActions": ["Deny"], "matchResources": {
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": name } } } } }),
    );
    // A policy begins to work a moment after it is there.
    place.kubectl(&["create", "namespace", name]);
    let service = ["create", "service", "clusterip", "probe", "--tcp=80", "--dry-run=server"];
    let begun = Instant::now();
    while place.bed.kubectl().run("probe", &[&["--namespace", name.as_str()], &service[..]].concat()).is_ok()
    {
        assert!(begun.elapsed() < Duration::from_secs(30), "the policy does not work");
        std::thread::sleep(Duration::from_millis(200));
    }
    place.kubectl(&["delete", "namespace", name]);

    let service = format!("Service {name}/airflow-");
    place.fails_to_apply(40, &[&service, "ask the platform team for a service"]);
    place.kubectl(&["delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", name]);
    let begun = Instant::now();
    while place.apply().code != 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the policy still works");
    }
    place.is_settled();
}

#[test]
fn a_webhook_that_does_not_answer() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    let name = &place.name;
    place.create(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": name },
        "webhooks": [{
            "name": "deployments.example.com", "failurePolicy": "Fail", "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "clientConfig": { "service": { "name": "missing", "namespace": "default" } },
            "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": name } },
            "rules": [{ "apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments"],
                "operations": ["CREATE"] }],
        }],
    }));
    // It begins to work a moment after it is there.
    std::thread::sleep(Duration::from_secs(2));
    let deployment = format!("Deployment {name}/airflow-");
    // Webhooks come and go with their pods, so this one is given a minute.
    place.fails_to_apply(
        90,
        &[&deployment, "failed calling webhook \"deployments.example.com\"", "\"missing\" not found"],
    );
    place.kubectl(&["delete", "validatingwebhookconfiguration", name]);
}

/// A claim of the default stack whose volume nobody makes, and an API server that goes away in the middle.
#[test]
fn a_claim_that_gets_no_volume_and_an_api_server_that_comes_back() {
    let bed = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let mut place = Place::on(&bed, "self-managed-airflow");
    place.run(&["init"]).ok();
    let mut values = without_remote_addons(&[]);
    values.extend(["airflow.ingress.enabled=false".to_owned(), "karpenterNodePools=[]".to_owned()]);
    place.set(&values.iter().map(String::as_str).collect::<Vec<_>>());

    bed.crash(Server::VolumeProvisioner).unwrap();
    place.fails_to_apply(40, &["PersistentVolumeClaim airflow/airflow-dags", "efs.csi.aws.com"]);
    bed.start(Server::VolumeProvisioner).unwrap();
    place.apply().ok();
    place.is_settled();
    place.destroy_with_data().ok();

    let mut apply = place.command(&["apply", "--yes", "--quiet"]);
    let child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(600));
    bed.restart_api_server().unwrap();
    let ran: Ran = child.wait_with_output().unwrap().into();
    place.note(&ran.stderr);
    ran.ok();
    place.is_settled();
}
