//! A real API server takes every object that is rendered, in the order in which it is rendered, without a
//! word.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot get at the test bed has to fail, loudly"
)]

mod rendered;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use airflow_eks_core::{presets, render};
use airflow_eks_testbed::{TestBed, unique_namespace};
use rendered::{manifests, object, printed, run};
use serde_json::{Value, json};

const STACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stacks");
/// Annotations by which controllers keep account of what they did.
const CONTROLLERS_WRITE: &[&str] = &[
    "deployment.kubernetes.io/",
    "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/",
    "volume.kubernetes.io/",
];

/// A stack, as its text and the name that messages have.
#[derive(Clone)]
struct Case {
    name: String,
    text: String,
}

fn built_in() -> Vec<Case> {
    presets::ALL
        .iter()
        .map(|preset| Case { name: format!("preset {}", preset.name), text: preset.text.to_owned() })
        .collect()
}

/// Those of the examples that are no presets.
fn examples() -> Vec<Case> {
    let preset = |name: &str| presets::Preset::named(name).is_some();
    airflow_eks_examples::all()
        .unwrap()
        .iter()
        .filter(|example| !preset(example.name))
        .map(|example| Case { name: format!("example {}", example.name), text: example.yaml.to_owned() })
        .collect()
}

/// Switches that no preset turns.
fn variants() -> Vec<Case> {
    let mut files: Vec<_> = fs::read_dir(STACKS).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| variant(file)).collect()
}

fn variant(file: &Path) -> Case {
    Case { name: file.file_name().unwrap().display().to_string(), text: fs::read_to_string(file).unwrap() }
}

impl Case {
    fn manifests(&self) -> Vec<render::Manifest> {
        manifests(&self.text, &self.name)
    }
}

#[test]
fn every_object_of_every_preset_is_accepted() {
    check(&built_in());
}

#[test]
fn every_object_of_every_example_is_accepted() {
    check(&examples());
}

#[test]
fn every_object_of_every_variant_is_accepted() {
    let variants = variants();
    assert!(variants.len() >= 10, "some variants of {STACKS} are missing");
    check(&variants);
}

/// Applies each stack, for real; a second time, which must change nothing; and removes it.
fn check(cases: &[Case]) {
    let bed = TestBed::connect().unwrap();
    let mut problems = Vec::new();
    for case in cases {
        // Storage classes and node pools belong to the whole cluster and have the same names in many stacks.
        let _alone = alone(&bed);
        let text = render::yaml_stream(&moved(case.manifests()));
        let applied = apply(&bed, &text).and_then(|objects| stays_the_same(&bed, &text, &objects));
        if let Err(problem) = applied.and(remove(&bed, &text)) {
            problems.push(format!("{}: {problem}", case.name));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// Keeps every other user of this test bed, in whatever process, from applying a stack.
fn alone(bed: &TestBed) -> fs::File {
    let file = fs::File::open(bed.kubeconfig_path()).unwrap();
    file.lock().unwrap();
    file
}

/// The same objects in namespaces of their own: a namespace takes long to go, so that the next stack could
/// not have one of the same name. Nothing else is changed.
fn moved(mut manifests: Vec<render::Manifest>) -> Vec<render::Manifest> {
    let namespaces: BTreeMap<String, String> = manifests
        .iter()
        .filter(|manifest| manifest.object["kind"] == "Namespace")
        .map(|manifest| manifest.object["metadata"]["name"].as_str().unwrap())
        .map(|name| (name.to_owned(), unique_namespace("stack")))
        .collect();
    for object in manifests.iter_mut().map(|manifest| &mut manifest.object) {
        let field = if object["kind"] == "Namespace" { "name" } else { "namespace" };
        let place = &mut object["metadata"][field];
        if let Some(own) = place.as_str().and_then(|name| namespaces.get(name)) {
            *place = own.as_str().into();
        }
    }
    manifests
}

/// Server-side apply with strict validation. What it warns of is an error here.
fn apply(bed: &TestBed, text: &str) -> Result<Vec<Value>, String> {
    let output = apply_with(bed, text, &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || !said.is_empty() {
        return Err(said.into_owned());
    }
    let applied: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    // One object is printed as itself, several are printed as a list.
    let objects = applied["items"].as_array().cloned().unwrap_or_else(|| vec![applied.clone()]);
    let (given, taken) = (text.lines().filter(|line| *line == "---").count(), objects.len());
    if given == taken { Ok(objects) } else { Err(format!("of {given} objects {taken} were applied")) }
}

fn apply_with(bed: &TestBed, text: &str, more: &[&str]) -> std::process::Output {
    let mut kubectl = bed.kubectl().command();
    kubectl.args(["apply", "--server-side", "--field-manager=airflow-eks", "--validate=strict"]);
    run(kubectl.args(["--output=json", "--filename=-"]).args(more), text)
}

/// Applies again, which must change nothing.
fn stays_the_same(bed: &TestBed, text: &str, first: &[Value]) -> Result<(), String> {
    let second = apply(bed, text)?;
    let changed = first.iter().zip(&second).filter(|(one, other)| is_changed(one, other));
    let names: Vec<_> = changed.map(|(one, _)| title(one)).collect();
    if names.is_empty() { Ok(()) } else { Err(format!("a second apply changed {}", names.join(", "))) }
}

/// An object without a status is written by nobody else, so that its revision tells. Of any other, everything
/// is compared but what controllers write.
fn is_changed(before: &Value, after: &Value) -> bool {
    let revision = |object: &Value| object["metadata"]["resourceVersion"].clone();
    if before.get("status").is_none() && after.get("status").is_none() {
        return revision(before) != revision(after);
    }
    asked_for(before) != asked_for(after)
}

fn asked_for(object: &Value) -> Value {
    let mut object = object.clone();
    object["status"] = Value::Null;
    object["metadata"]["resourceVersion"] = Value::Null;
    if object["kind"] == "PersistentVolumeClaim" {
        // Whoever binds it writes which volume it got.
        object["spec"]["volumeName"] = Value::Null;
    }
    let annotations = object["metadata"].as_object_mut().unwrap().remove("annotations");
    let mut annotations = annotations.unwrap_or_else(|| json!({}));
    let by_controllers = |name: &str| CONTROLLERS_WRITE.iter().any(|begin| name.starts_with(begin));
    annotations.as_object_mut().unwrap().retain(|name, _| !by_controllers(name));
    object["metadata"]["annotations"] = annotations;
    object
}

fn title(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    format!("{} {}", text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn remove(bed: &TestBed, text: &str) -> Result<(), String> {
    let mut kubectl = bed.kubectl().command();
    let output = run(kubectl.args(["delete", "--ignore-not-found", "--wait=false", "--filename=-"]), text);
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn every_pod_meets_the_restricted_standard() {
    let bed = TestBed::connect().unwrap();
    let cases = [built_in(), examples(), variants()].concat();
    let manifests: Vec<_> = cases.iter().flat_map(Case::manifests).collect();
    let pods: BTreeSet<String> = manifests.iter().filter_map(|manifest| pod(&manifest.object)).collect();
    let accounts: BTreeSet<&str> = (manifests.iter().map(|manifest| &manifest.object))
        .filter(|object| object["kind"] == "ServiceAccount")
        .filter_map(|object| object["metadata"]["name"].as_str())
        .collect();
    assert!(pods.len() > 20, "only {} pods", pods.len());

    let namespace = restricted_namespace(&bed, &accounts);
    let stream: String = pods.iter().map(|pod| format!("---\n{pod}")).collect();
    let output = create_pods(&bed, &namespace, &stream);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(printed(output).lines().count(), pods.len());
    drop_namespace(&bed, &namespace);
}

#[test]
fn a_pod_that_may_gain_rights_is_refused_there() {
    let bed = TestBed::connect().unwrap();
    let namespace = restricted_namespace(&bed, &BTreeSet::from(["airflow-scheduler"]));
    let manifests = manifests(presets::DEFAULT.text, "default");
    let mut scheduler = object(&manifests, "Deployment", "airflow-scheduler").clone();
    scheduler["spec"]["template"]["spec"]["containers"][0]["securityContext"] = json!({});
    let output = create_pods(&bed, &namespace, &pod(&scheduler).unwrap());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("violates PodSecurity \"restricted:latest\""), "{said}");
    drop_namespace(&bed, &namespace);
}

/// The pod that a workload makes, or that is the template of task pods.
fn pod(object: &Value) -> Option<String> {
    match object["kind"].as_str()? {
        "ConfigMap" => object["data"]["pod_template_file.yaml"].as_str().map(str::to_owned),
        "Deployment" | "Job" => {
            let template = &object["spec"]["template"];
            let mut metadata = template["metadata"].clone();
            metadata["name"] = object["metadata"]["name"].clone();
            let spec = &template["spec"];
            Some(render::yaml(
                &json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec }),
            ))
        }
        _ => None,
    }
}

fn restricted_namespace(bed: &TestBed, accounts: &BTreeSet<&str>) -> String {
    let name = unique_namespace("restricted");
    let labels = json!({ "pod-security.kubernetes.io/enforce": "restricted" });
    let namespace = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels },
    });
    let account = |account: &&str| {
        let metadata = json!({ "name": account, "namespace": name });
        json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata })
    };
    let objects = [namespace].into_iter().chain(accounts.iter().map(account));
    let text: String = objects.map(|object| format!("---\n{}", render::yaml(&object))).collect();
    apply(bed, &text).unwrap();
    name
}

fn create_pods(bed: &TestBed, namespace: &str, pods: &str) -> std::process::Output {
    let mut kubectl = bed.kubectl().command();
    kubectl.args([
        "create",
        "--dry-run=server",
        "--validate=strict",
        "--filename=-",
        "--namespace",
        namespace,
    ]);
    run(&mut kubectl, pods)
}

fn drop_namespace(bed: &TestBed, name: &str) {
    bed.kubectl().run("delete the namespace", &["delete", "namespace", name, "--wait=false"]).unwrap();
}

/// What the API server says of one object of a stack that was changed by hand. Nothing of it is kept.
fn refusal(text: &str, kind: &str, name: &str, change: impl Fn(&mut Value)) -> String {
    let manifests = manifests(text, "stack.yaml");
    let mut changed = object(&manifests, kind, name).clone();
    change(&mut changed);
    if let Some(namespace) = changed["metadata"].get_mut("namespace") {
        *namespace = "default".into();
    }
    let bed = TestBed::connect().unwrap();
    let output = apply_with(&bed, &render::yaml(&changed), &["--dry-run=server"]);
    assert!(!output.status.success(), "accepted: {changed:#}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_misspelt_field_of_a_rendered_object_is_refused() {
    let said = refusal(presets::DEFAULT.text, "Deployment", "airflow-scheduler", |deployment| {
        deployment["spec"]["template"]["spec"]["nodeSelecter"] = json!({ "a": "b" });
    });
    assert!(said.contains("nodeSelecter: field not declared in schema"), "{said}");
}

#[test]
fn a_rendered_node_pool_that_breaks_a_rule_in_cel_is_refused() {
    let said = refusal(presets::DEFAULT.text, "NodePool", "spark-compute-optimized", |pool| {
        pool["spec"]["disruption"]["budgets"] = json!([{ "nodes": "10%", "schedule": "@daily" }]);
    });
    assert!(said.contains("'schedule' must be set with 'duration'"), "{said}");
}

#[test]
fn an_unknown_field_of_a_rendered_external_secret_is_refused() {
    let text = fs::read_to_string(Path::new(STACKS).join("external-secrets.yaml")).unwrap();
    let said = refusal(&text, "ExternalSecret", "airflow-fernet-key", |secret| {
        secret["spec"]["target"]["deletePolicy"] = "Retain".into();
    });
    assert!(said.contains("deletePolicy: field not declared in schema"), "{said}");
}

#[test]
fn a_change_by_a_second_apply_is_seen() {
    let bed = TestBed::connect().unwrap();
    let name = unique_namespace("changed");
    let labelled = |label: &str| {
        let metadata = json!({ "name": name, "labels": { "label": label } });
        format!(
            "---\n{}",
            render::yaml(&json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": metadata }))
        )
    };
    let first = apply(&bed, &labelled("one")).unwrap();
    assert_eq!(stays_the_same(&bed, &labelled("one"), &first), Ok(()));
    let said = stays_the_same(&bed, &labelled("other"), &first).unwrap_err();
    assert!(said.contains(&format!("a second apply changed Namespace {name}")), "{said}");
    drop_namespace(&bed, &name);
}

#[test]
fn a_warning_of_the_api_server_counts_as_a_refusal() {
    let bed = TestBed::connect().unwrap();
    let name = unique_namespace("warned");
    let labels = json!({ "pod-security.kubernetes.io/warn": "restricted" });
    let namespace = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels },
    });
    let pods = json!({
        "metadata": { "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "web", "image": "example.invalid/web:1" }] },
    });
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "web", "namespace": name },
        "spec": { "selector": { "matchLabels": { "app": "web" } }, "template": pods },
    });
    let document = |object: &Value| format!("---\n{}", render::yaml(object));
    apply(&bed, &document(&namespace)).unwrap();
    let said = apply(&bed, &document(&deployment)).unwrap_err();
    assert!(said.contains("would violate PodSecurity \"restricted:latest\""), "{said}");
    drop_namespace(&bed, &name);
}
