//! What kubectl says of the objects that are rendered, and what the program says of them itself.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::ran::Ran;
use crate::stacks::small;
use crate::support::Place;

/// Runs a command with objects on its standard input.
fn given(command: &mut Command, objects: &[Value]) -> Ran {
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects }).to_string();
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(list.as_bytes()).unwrap());
    let output: Output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    output.into()
}

/// Whether kubectl finds a difference. Of Secrets it cannot know the values, which are not rendered.
fn differs(place: &Place, objects: &[Value]) -> bool {
    let mut command = place.bed.released_kubectl().command();
    let manager = "--field-manager=airflow-eks";
    let ran =
        given(command.args(["diff", "--server-side", "--force-conflicts", manager, "--filename=-"]), objects);
    assert!(matches!(ran.code, 0 | 1) && ran.stderr.is_empty(), "{ran:?}");
    assert_eq!(ran.code == 1, !ran.stdout.is_empty());
    ran.code == 1
}

/// The objects that a dry run of kubectl would write anew.
fn rewritten(place: &Place, objects: &[Value]) -> Vec<String> {
    let apply =
        ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--field-manager=airflow-eks"];
    let mut command = place.bed.released_kubectl().command();
    let ran = given(command.args(apply).args(["--filename=-", "--output=json"]), objects);
    let list: Value = serde_json::from_str(&ran.ok().stdout).unwrap();
    let after = list["items"].as_array().unwrap().iter();
    let changed = after.filter(|after| {
        let metadata = &after["metadata"];
        let text = |key: &str| metadata[key].as_str().unwrap_or_default().to_owned();
        let kind = after["kind"].as_str().unwrap();
        let (name, namespace) = (text("name"), format!("--namespace={}", text("namespace")));
        let mut get = vec!["get", kind, &name, "--output=json", "--ignore-not-found"];
        if namespace != "--namespace=" {
            get.push(&namespace);
        }
        let live = place.kubectl(&get);
        let Ok(mut live) = serde_json::from_str::<Value>(&live) else { return true };
        // What the server itself writes.
        let mut after = (*after).clone();
        for object in [&mut live, &mut after] {
            object.as_object_mut().unwrap().remove("status");
            for key in ["managedFields", "resourceVersion", "generation"] {
                object["metadata"].as_object_mut().unwrap().remove(key);
            }
        }
        live != after
    });
    changed.map(|object| object["metadata"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn kubectl_agrees_with_the_plan() {
    let place = Place::new();
    place.stack(&small(&place.name, ""));
    place.apply().ok();
    let mut objects = place.rendered();
    objects.retain(|object| object["kind"] != "Secret");

    place.is_settled();
    assert!(!differs(&place, &objects), "kubectl diff finds nothing either");
    assert_eq!(rewritten(&place, &objects), [""; 0]);

    place.within(&["scale", "deployment", "airflow-scheduler", "--replicas=2"]);
    place.within(&["delete", "configmap", "airflow-statsd"]);
    let plan = place.planned();
    assert!(plan.ends_with("1 to create, 1 to update.\n"), "{plan}");
    assert!(differs(&place, &objects), "kubectl diff finds something too");
    assert_eq!(rewritten(&place, &objects), ["airflow-statsd", "airflow-scheduler"]);

    place.apply().ok();
    place.is_settled();
    assert!(!differs(&place, &objects));
}
