//! What must not get into Git, and what Argo CD and Flux could not read there.

use super::GitOpsTool;
use crate::graph::{Body, ChartSource, Graph, HelmRelease, Late};
use crate::problem::{Path, Problems};
use crate::render::Outputs;
use crate::spec::{AddonKind, GitOps, SecretDelivery};
use crate::stack::Stack;

/// The repository that the stack names.
pub(super) fn check<'a>(
    stack: &'a Stack,
    graph: &Graph,
    outputs: &Outputs,
    tool: GitOpsTool,
) -> Result<&'a GitOps, Problems> {
    let mut problems = Problems::new();
    secrets(stack, graph, &mut problems);
    late_values(graph, outputs, &mut problems);
    graph.helm().for_each(|release| chart(release, tool, &mut problems));
    let Some(gitops) = &stack.spec().gitops else {
        problems.add(
            at("gitops"),
            format!("nothing says which Git repository {tool} reads"),
            "write for example `gitops: {repository: \"https://github.com/example/clusters.git\"}`",
        );
        return Err(problems);
    };
    if tool == GitOpsTool::Flux && gitops.repository.is_ssh() && gitops.credentials_secret.is_none() {
        problems.add(
            at("gitops").key("credentialsSecret"),
            "Flux needs a key to read a repository over SSH",
            "name a secret with the keys `identity` and `known_hosts`, such as `flux create secret git` makes",
        );
    }
    if problems.is_empty() { Ok(gitops) } else { Err(problems) }
}

fn secrets(stack: &Stack, graph: &Graph, problems: &mut Problems) {
    const HINT: &str = "write `secrets: external-secrets`, so that the External Secrets Operator reads them from AWS \
                        Secrets Manager, and Git never holds any";
    if stack.spec().secrets != SecretDelivery::ExternalSecrets {
        problems.add(at("secrets"), "generated secrets must not be written into a Git repository", HINT);
        return;
    }
    for resource in graph.iter() {
        let (body, id) = (&resource.body, resource.body.id());
        let holds = body.late_values().iter().any(|late| matches!(late, Late::Secret(_)));
        if holds || matches!(body, Body::Kubernetes(object) if object.id.kind == "Secret") {
            problems.add(Path::root(), format!("{id} would write a secret into the Git repository"), HINT);
        }
    }
}

/// A stand-in would be deployed as it is.
fn late_values(graph: &Graph, outputs: &Outputs, problems: &mut Problems) {
    let late = graph.late_values();
    let unknown: Vec<String> = late
        .iter()
        .filter(|late| !matches!(late, Late::Secret(_)) && !outputs.knows(late))
        .map(ToString::to_string)
        .collect();
    if !unknown.is_empty() {
        problems.add(
            Path::root(),
            format!("what only AWS can tell is not known: {}", unknown.join(", ")),
            "make the AWS side first, then give what `status --only aws --output json` prints with --outputs FILE",
        );
    }
}

fn chart(release: &HelmRelease, tool: GitOpsTool, problems: &mut Problems) {
    let id = &release.id;
    if matches!(release.chart.source, ChartSource::Path(_)) {
        let hint = format!(
            "put it into a repository of charts or an OCI registry, and name that {}",
            place(id.name.as_str())
        );
        problems.add(
            Path::root(),
            format!("{tool} cannot read the chart of {id}: it lies on this machine"),
            hint,
        );
    } else if release.chart.version.is_none() {
        problems.add(
            Path::root(),
            format!("{tool} would take any version of the chart of {id}"),
            "name the whole version of the chart",
        );
    }
}

/// Where the stack speaks of an add-on's chart.
fn place(release: &str) -> String {
    let same = |kind: &&AddonKind| kind.key().to_lowercase() == release.replace('-', "");
    let kind = AddonKind::ALL.iter().find(same);
    kind.map_or_else(|| "there".to_owned(), |kind| format!("in `addons.{}.chart`", kind.key()))
}

fn at(key: &str) -> Path {
    Path::root().key(key)
}
