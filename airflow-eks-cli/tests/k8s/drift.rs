//! What others have changed is shown field by field, and mended; what an autoscaler changes is left alone.

use crate::stacks::small;
use crate::support::Place;

#[test]
fn what_was_changed_by_hand_is_shown_with_who_did_it_and_mended() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    place.is_settled();

    place.within(&["label", "--overwrite", "deployment", "airflow-scheduler", "airflow-eks/stack=other"]);
    place.within(&["scale", "deployment", "airflow-scheduler", "--replicas=3"]);
    place.within(&["set", "image", "deployment/airflow-statsd", "statsd=example.invalid/other:1"]);
    place.within(&["delete", "configmap", "airflow-statsd"]);
    place.within(&[
        "patch",
        "secret",
        "airflow-fernet-key",
        "--patch",
        r#"{"stringData":{"fernet-key":"other"}}"#,
    ]);
    let plan = place.planned();
    let name = &place.name;
    for line in [
        format!("~   Deployment {name}/airflow-scheduler\n"),
        format!("metadata.labels.airflow-eks/stack: \"other\" → \"{name}\" (changed by kubectl-label)\n"),
        "spec.replicas: 3 → 1 (changed by kubectl)\n".to_owned(),
        "spec.template.spec.containers[name=statsd].image: \"example.invalid/other:1\" → \"quay.io/prometheus/".to_owned(),
        "(changed by kubectl-set)\n".to_owned(),
        format!("+   ConfigMap {name}/airflow-statsd\n"),
        format!("~   Secret {name}/airflow-fernet-key\n"),
        "(changed by kubectl-patch)\n".to_owned(),
        "1 to create, 3 to update.".to_owned(),
    ] {
        assert!(plan.contains(&line), "{line} not in\n{plan}");
    }
    let status = place.json(&["status"]);
    let differing =
        status["resources"].as_array().unwrap().iter().filter(|one| one["differences"] != 0).count();
    assert_eq!(differing, 3, "{status:#}");

    let fernet = place.field("secret/airflow-fernet-key", "{.data}");
    place.apply().ok();
    place.is_settled();
    assert_eq!(place.field("deployment/airflow-scheduler", "{.spec.replicas}"), "1");
    assert_ne!(place.field("secret/airflow-fernet-key", "{.data}"), fernet, "the key is the old one again");
}

#[test]
fn what_an_autoscaler_sets_is_left_alone() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    // What the autoscaler's controller does.
    place.within(&[
        "patch",
        "deployment",
        "airflow-api-server",
        "--subresource=scale",
        "--field-manager=kube-controller-manager",
        "--type=merge",
        r#"--patch={"spec":{"replicas":4}}"#,
    ]);
    place.is_settled();
    place.stack(&small(&place.name, "  env: [{name: COLOR, value: red}]\n"));
    place.apply().ok();
    assert_eq!(place.field("deployment/airflow-api-server", "{.spec.replicas}"), "4");
    let container = "{.spec.template.spec.containers[0].env[?(@.name==\"COLOR\")].value}";
    assert_eq!(place.field("deployment/airflow-api-server", container), "red");
    place.is_settled();
}

/// An autoscaler of Kubernetes itself, which sets the fewest pods it may.
#[test]
fn a_real_autoscaler_is_left_alone() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    place.within(&["autoscale", "deployment", "airflow-api-server", "--min=3", "--max=5", "--cpu=50%"]);
    let replicas = || place.field("deployment/airflow-api-server", "{.spec.replicas}");
    let begun = std::time::Instant::now();
    while replicas() != "3" {
        assert!(begun.elapsed().as_secs() < 60, "the autoscaler does nothing");
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    place.is_settled();
    place.apply().ok();
    assert_eq!(replicas(), "3");
}
