//! What is written for Argo CD and Flux is what their real definitions take, and each folder is read as they read it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot get at the test bed has to fail, loudly"
)]

#[expect(dead_code, reason = "what reads the objects of a whole stack is for other tests")]
mod rendered;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use airflow_eks_core::graph::{Body, Chart, ChartSource, HelmRelease, Output, ReleaseId};
use airflow_eks_core::render::gitops::{GitOpsTool, Repository, repository};
use airflow_eks_core::{Document, Facts, Graph, Outputs, Stack, desired, presets, render};
use airflow_eks_testbed::TestBed;
use rendered::{printed, run};
use serde_json::{Value, json};

const TOOLS: [GitOpsTool; 2] = [GitOpsTool::ArgoCd, GitOpsTool::Flux];
/// Every choice that changes what is written.
const CHOICES: [&str; 2] = [
    "{repository: 'https://git.example.com/a/b.git'}",
    "{repository: 'git@git.example.com:a/b.git', revision: refs/tags/v1, path: clusters/x, namespace: cd, project: data, \
     credentialsSecret: key, interval: 90s, onRemoval: delete}",
];

fn stack(text: &str, gitops: &str) -> Stack {
    let mut document = Document::parse(text, "stack.yaml").unwrap();
    document.set("secrets=external-secrets").unwrap();
    document.set(&format!("gitops={gitops}")).unwrap();
    document.stack(&Facts::unknown()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What AWS would tell, each in a shape that what reads it takes.
fn outputs() -> Outputs {
    Output::ALL.iter().fold(Outputs::default(), |outputs, output| {
        let value = match output {
            Output::AccountId => "111122223333",
            Output::FileSystemId => "fs-0a1b2c3d4e5f60718",
            Output::VpcId => "vpc-0a1b2c3d4e5f60718",
            _ => "known.example.com",
        };
        outputs.with(*output, value)
    })
}

fn repository_of(stack: &Stack, graph: &Graph, tool: GitOpsTool) -> Repository {
    repository(stack, graph, &outputs(), tool).unwrap_or_else(|problems| panic!("{tool}: {problems}"))
}

/// One release of each source that the tools can read.
fn releases() -> Graph {
    let release = |namespace: &str, name: &str, source| HelmRelease {
        id: ReleaseId::new(namespace, name),
        chart: Chart { source, version: Some("1.2.3".to_owned()) },
        values: json!({ "a": { "b": [1, 2.5, true, null, "text"] } }),
        skip_crds: false,
    };
    let url = "https://charts.example.com".to_owned();
    let releases = [
        release("keda", "keda", ChartSource::Repository { url, chart: "keda".to_owned() }),
        release(
            "karpenter",
            "karpenter",
            ChartSource::Oci("oci://public.ecr.aws/karpenter/karpenter".to_owned()),
        ),
        release(
            "kube-system",
            "mirrored",
            ChartSource::Oci(
                "oci://111122223333.dkr.ecr.eu-central-1.amazonaws.com/charts/mirrored".to_owned(),
            ),
        ),
    ];
    Graph::of_parts(releases.map(Body::from).into())
}

fn of_the_tool(object: &Value) -> bool {
    let version = object["apiVersion"].as_str().unwrap();
    version.starts_with("argoproj.io/") || version.contains(".toolkit.fluxcd.io/")
}

/// A strict dry run on the server. What it warns of is an error here.
fn accepted(bed: &TestBed, objects: &[Value]) -> Result<(), String> {
    let text: String = objects.iter().map(|object| format!("---\n{}", render::yaml(object))).collect();
    let mut kubectl = bed.kubectl().command();
    kubectl.args([
        "apply",
        "--server-side",
        "--field-manager=gitops",
        "--validate=strict",
        "--dry-run=server",
    ]);
    let output = run(kubectl.args(["--output=name", "--filename=-"]), &text);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !said.is_empty() || !output.status.success() {
        return Err(said);
    }
    let taken = printed(output).lines().count();
    if taken == objects.len() {
        Ok(())
    } else {
        Err(format!("of {} objects {taken} were taken", objects.len()))
    }
}

/// In a namespace that is there: a dry run makes none.
fn moved(mut object: Value) -> Value {
    if object["metadata"]["namespace"].is_string() {
        object["metadata"]["namespace"] = "default".into();
    }
    object
}

#[test]
fn every_object_of_every_preset_is_accepted_by_the_real_definitions() {
    let bed = TestBed::connect().unwrap();
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    for preset in presets::ALL {
        for choice in CHOICES {
            let stack = stack(preset.text, choice);
            for (graph, tool) in TOOLS.iter().flat_map(|tool| [(desired(&stack), *tool), (releases(), *tool)])
            {
                let files = repository_of(&stack, &graph, tool).files;
                let own = files.iter().filter(|file| of_the_tool(&file.object));
                kinds.extend(own.map(|file| file.object["kind"].as_str().unwrap().to_owned()));
                let objects: Vec<Value> = files.into_iter().map(|file| moved(file.object)).collect();
                accepted(&bed, &objects).unwrap_or_else(|said| panic!("{} for {tool}: {said}", preset.name));
            }
        }
    }
    let expected =
        ["Application", "GitRepository", "HelmRelease", "HelmRepository", "Kustomization", "OCIRepository"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn what_the_definitions_do_not_know_is_refused() {
    let bed = TestBed::connect().unwrap();
    let stack = stack(presets::DEFAULT.text, CHOICES[0]);
    for tool in TOOLS {
        let files = repository_of(&stack, &releases(), tool).files;
        for file in files.into_iter().filter(|file| of_the_tool(&file.object)) {
            let mut object = moved(file.object);
            object["spec"]["intervall"] = "1m".into();
            let said = accepted(&bed, &[object]).unwrap_err();
            assert!(said.contains("intervall"), "{}: {said}", file.path);
        }
    }
}

/// Flux makes a kustomization of every folder, and Argo CD reads its files one by one. What kustomize builds of a folder
/// must be what was written into it.
#[test]
fn every_folder_is_read_as_what_was_written_into_it() {
    let bed = TestBed::connect().unwrap();
    for preset in presets::ALL {
        let stack = stack(preset.text, CHOICES[0]);
        for tool in TOOLS {
            let repository = repository_of(&stack, &desired(&stack), tool);
            let mut folders: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
            for file in &repository.files {
                let (folder, name) = file.path.rsplit_once('/').unwrap();
                folders.entry(folder).or_default().push((name, &file.object));
            }
            for (folder, files) in folders {
                let built = built(&bed, &files);
                assert_eq!(built.len(), files.len(), "{}, {tool}: {folder}", preset.name);
                for (name, object) in files {
                    assert!(built.contains(object), "{}, {tool}: {folder}/{name}", preset.name);
                }
            }
        }
    }
}

/// What `kubectl kustomize` builds of some files.
fn built(bed: &TestBed, files: &[(&str, &Value)]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    for (name, object) in files {
        // The names that kustomize keeps for itself would hide the others.
        assert!(!name.to_lowercase().starts_with("kustomization."), "{name}");
        fs::write(folder.path().join(name), render::yaml(object)).unwrap();
    }
    let own = json!({ "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": names });
    fs::write(folder.path().join("kustomization.yaml"), own.to_string()).unwrap();
    let text = kustomized(bed, folder.path());
    let mut kubectl = bed.kubectl().command();
    // As JSON, without a server: what is not known to it is no matter here.
    kubectl.args(["create", "--dry-run=client", "--validate=false", "--output=json", "--filename=-"]);
    let read = printed(run(&mut kubectl, &text));
    serde_json::Deserializer::from_str(&read).into_iter().collect::<Result<_, _>>().unwrap()
}

fn kustomized(bed: &TestBed, folder: &Path) -> String {
    printed(run(bed.kubectl().command().arg("kustomize").arg(folder), ""))
}
