//! What a Git repository holds, and in which order its parts come.

mod argo_cd;
mod flux;
mod order;
mod refusals;

use serde_json::{Value, json};

use super::{GitOpsTool, Repository, repository};
use crate::graph::{Body, Chart, ChartSource, HelmRelease, KubernetesObject, ReleaseId, ResourceId};
use crate::{Document, Facts, Graph, Outputs, Stack, desired};

const STACK: &str =
    "name: demo\nregion: eu-central-1\nnodeGroups: [{name: core}]\nsecrets: external-secrets\n";
const REPOSITORY: &str =
    "gitops: {repository: \"git@github.com:example/clusters.git\", credentialsSecret: clusters}\n";

fn stack(text: &str) -> Stack {
    Document::parse(text, "stack.yaml").unwrap().stack(&Facts::unknown()).unwrap_or_else(|e| panic!("{e}"))
}

/// Everything that AWS would tell.
fn outputs() -> Outputs {
    crate::graph::Output::ALL
        .iter()
        .fold(Outputs::default(), |outputs, output| outputs.with(*output, "known"))
}

fn object(api_version: &str, kind: &str, name: &str) -> Body {
    let body = json!({
        "apiVersion": api_version, "kind": kind, "metadata": { "name": name, "namespace": "airflow" },
    });
    KubernetesObject::from_value(body).unwrap().into()
}

fn release(name: &str, source: ChartSource, version: Option<&str>) -> HelmRelease {
    HelmRelease {
        id: ReleaseId::new("karpenter", name),
        chart: Chart { source, version: version.map(str::to_owned) },
        values: json!({ "replicas": 2 }),
        skip_crds: name == "karpenter",
    }
}

fn oci(name: &str) -> HelmRelease {
    let source = ChartSource::Oci(format!("oci://public.ecr.aws/karpenter/{name}"));
    release(name, source, Some("1.14.1+build"))
}

fn from_repository(name: &str) -> HelmRelease {
    let url = "https://charts.example.com".to_owned();
    release(name, ChartSource::Repository { url, chart: name.to_owned() }, Some("2.0.0"))
}

/// What one knows from add-ons: definitions, a controller, its pools, what uses them, and a release for itself.
fn hand_made() -> Graph {
    let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "karpenter" } });
    let namespace: Body = KubernetesObject::from_value(namespace).unwrap().into();
    let (crds, controller, alone) =
        (oci("karpenter-crd"), oci("karpenter"), from_repository("metrics-server"));
    let pool = object("karpenter.sh/v1", "NodePool", "jobs");
    let config = object("v1", "ConfigMap", "config");
    let migration = object("batch/v1", "Job", "migrate");
    let scheduler = object("apps/v1", "Deployment", "scheduler");
    let claim = object("v1", "PersistentVolumeClaim", "dags");
    let ingress = object("networking.k8s.io/v1", "Ingress", "web");
    let id = |body: &Body| body.id();
    let helm = |release: &HelmRelease| ResourceId::Helm(release.id.clone());
    let after = [
        (helm(&controller), helm(&crds)),
        (id(&pool), helm(&controller)),
        (id(&migration), id(&pool)),
        (id(&migration), id(&config)),
        (id(&scheduler), id(&migration)),
        (id(&scheduler), id(&claim)),
        (id(&ingress), id(&config)),
    ];
    let objects = [namespace, pool, config, migration, scheduler, claim, ingress];
    let releases = [crds, controller, alone].map(Body::from);
    Graph::of(objects.into_iter().chain(releases).collect(), &after)
}

fn hand_made_for(tool: GitOpsTool, more: &str) -> Repository {
    let stack = stack(&format!("{STACK}{}", if more.is_empty() { REPOSITORY } else { more }));
    repository(&stack, &hand_made(), &outputs(), tool).unwrap_or_else(|e| panic!("{e}"))
}

fn paths(repository: &Repository) -> Vec<&str> {
    repository.files.iter().map(|file| file.path.as_str()).collect()
}

/// The one file whose path ends so.
fn file<'a>(repository: &'a Repository, end: &str) -> &'a Value {
    let mut found = repository.files.iter().filter(|file| file.path.ends_with(end));
    let first = found.next().unwrap_or_else(|| panic!("no {end} in {:#?}", paths(repository)));
    assert_eq!(found.next().map(|file| &file.path), None, "{end} ends more than one path");
    &first.object
}

/// Every object of the stack is there once, whatever the tool.
#[test]
fn every_object_of_a_stack_is_in_the_repository_once() {
    let stack = stack(&format!("{STACK}{REPOSITORY}"));
    let graph = desired(&stack);
    for tool in [GitOpsTool::ArgoCd, GitOpsTool::Flux] {
        let repository = repository(&stack, &graph, &outputs(), tool).unwrap_or_else(|e| panic!("{e}"));
        for object in graph.kubernetes() {
            let same = repository.files.iter().filter(|file| {
                file.object["kind"] == object.id.kind
                    && file.object["metadata"]["name"] == object.id.name
                    && file.object["metadata"]["namespace"].as_str() == object.id.namespace.as_deref()
            });
            assert_eq!(same.count(), 1, "{tool}: {}", object.id);
        }
        let mut paths = paths(&repository);
        let files = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), files, "two files have one path");
        assert!(paths.iter().all(|path| path.starts_with("stacks/demo/")));
    }
}
