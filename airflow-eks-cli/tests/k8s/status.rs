//! How everything is, for people and for programs.

use crate::stacks::small;
use crate::support::Place;

#[test]
fn status_follows_a_stack_from_nothing_to_nothing() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    let absent = place.json(&["status"]);
    let all = absent["resources"].as_array().unwrap();
    assert!(all.len() > 20 && all.iter().all(|one| one["state"] == "absent"), "{absent:#}");
    assert_eq!((&absent["ready"], &absent["stack"]), (&false.into(), &place.name.as_str().into()));

    place.apply().ok();
    let ready = place.json(&["status"]);
    assert_eq!(ready["ready"], true, "{ready:#}");
    assert_eq!(ready["resources"].as_array().unwrap().len(), all.len());
    assert_eq!(ready["unwanted"].as_array().unwrap().len(), 0);
    let human = place.run(&["status"]);
    assert!(
        human.ok().stdout.contains(&format!("Deployment {}/airflow-scheduler", place.name)),
        "{}",
        human.stdout
    );

    // A pod that runs and does not become ready: its deployment says so.
    let unready =
        r#"{"spec":{"template":{"metadata":{"annotations":{"testbed.airflow-eks/unready":"true"}}}}}"#;
    place.within(&["patch", "deployment", "airflow-scheduler", "--patch", unready]);
    let name = format!("Deployment {}/airflow-scheduler", place.name);
    let status = place.json(&["status"]);
    let scheduler =
        status["resources"].as_array().unwrap().iter().find(|one| one["resource"] == name).unwrap();
    assert_eq!(scheduler["state"], "inProgress", "{scheduler:#}");
    assert!(!scheduler["reason"].as_str().unwrap().is_empty());
    assert_eq!(status["ready"], false);

    // What the stack no longer says is told of.
    place.stack(&small(&place.name, "  statsd: {enabled: false}\n"));
    let unwanted = place.json(&["status"])["unwanted"].to_string();
    assert!(unwanted.contains("airflow-statsd"), "{unwanted}");

    let gone = place.destroy();
    assert!(gone.ok().stderr.contains(": 0 left"), "{}", gone.stderr);
    let absent = place.json(&["status"]);
    assert!(absent["resources"].as_array().unwrap().iter().all(|one| one["state"] == "absent"), "{absent:#}");
}

#[test]
fn destroy_tells_programs_what_it_looked_for() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    let ran = place.run(&["destroy", "--yes", "--output", "json"]);
    let last: serde_json::Value = serde_json::from_str(ran.ok().stdout.lines().last().unwrap()).unwrap();
    assert_eq!((&last["event"], &last["left"]), (&"end".into(), &0.into()), "{last:#}");
    assert_eq!(last["searched"][0]["found"].as_array().unwrap().len(), 0);
    let namespace = place.kubectl(&["get", "namespace", &place.name, "--ignore-not-found", "--output=name"]);
    assert_eq!(namespace, "");
}

#[test]
fn without_a_terminal_nothing_is_asked_and_nothing_is_changed() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.run(&["apply"]).fails(4, &["nothing was changed", "--yes"]);
    let namespace = place.kubectl(&["get", "namespace", &place.name, "--ignore-not-found", "--output=name"]);
    assert_eq!(namespace, "");
    assert_eq!(place.secrets(), [""; 0]);
}
