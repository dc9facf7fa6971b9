//! [`Graph`] → a Git repository for Argo CD or Flux: the same objects, and what brings them in the same order. Neither tool
//! needs this program, and Helm releases need no `helm` of ours.

mod argo_cd;
mod check;
mod flux;
mod group;
mod order;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Manifest, Outputs};
use crate::graph::{Graph, HelmRelease, ObjectId, ReleaseId, Resource, ResourceId};
use crate::problem::Problems;
use crate::spec::GitOps;
use crate::stack::Stack;

/// What brings a Git repository into a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GitOpsTool {
    /// Argo CD.
    ArgoCd,
    /// Flux.
    Flux,
}

impl fmt::Display for GitOpsTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ArgoCd => "Argo CD",
            Self::Flux => "Flux",
        })
    }
}

/// The files of a Git repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Repository {
    /// The files: those of the tool first, then the objects, each in the order of applying.
    pub files: Vec<RepositoryFile>,
    /// What is given to the cluster once, by hand, so that the tool begins: a file, or a folder.
    pub entry: String,
}

/// One file with one object.
#[derive(Debug, Clone, PartialEq)]
pub struct RepositoryFile {
    /// Its path in the repository.
    pub path: String,
    /// The object.
    pub object: Value,
}

/// A stack as the files of the Git repository that it names in `gitops`.
///
/// # Errors
/// No repository is named; a secret, or a stand-in for what only AWS can tell, would be written into it; or a chart comes
/// from where the tool cannot read it. All of them at once.
///
/// ```
/// use airflow_eks_core::render::gitops::{GitOpsTool, repository};
/// use airflow_eks_core::{Facts, Outputs, desired, presets};
///
/// let stack = presets::DEFAULT.stack(&Facts::unknown()).unwrap();
/// let problems = repository(&stack, &desired(&stack), &Outputs::default(), GitOpsTool::Flux).unwrap_err();
/// assert!(problems.to_string().contains("secrets: generated secrets must not be written into a Git repository"));
/// ```
pub fn repository(
    stack: &Stack,
    graph: &Graph,
    outputs: &Outputs,
    tool: GitOpsTool,
) -> Result<Repository, Problems> {
    let graph = graph.only(|id| !matches!(id, ResourceId::Aws(_)));
    let gitops = check::check(stack, &graph, outputs, tool)?;
    let layout = Layout::of(stack, gitops, &graph, outputs, tool);
    Ok(match tool {
        GitOpsTool::ArgoCd => argo_cd::repository(&layout),
        GitOpsTool::Flux => flux::repository(&layout),
    })
}

/// What both tools are told in the same way.
struct Layout<'a> {
    stack: &'a str,
    gitops: &'a GitOps,
    graph: &'a Graph,
    outputs: &'a Outputs,
    /// The folder in the repository.
    path: String,
    /// Where the tool's own objects lie.
    namespace: String,
    manifests: BTreeMap<ObjectId, Manifest>,
    releases: BTreeMap<ReleaseId, String>,
}

impl<'a> Layout<'a> {
    fn of(
        stack: &'a Stack,
        gitops: &'a GitOps,
        graph: &'a Graph,
        outputs: &'a Outputs,
        tool: GitOpsTool,
    ) -> Self {
        let name = stack.spec().name.as_str();
        let usual = match tool {
            GitOpsTool::ArgoCd => "argocd",
            GitOpsTool::Flux => "flux-system",
        };
        let mut manifests = super::manifests(graph, outputs);
        drop_positions(&mut manifests);
        Self {
            stack: name,
            gitops,
            graph,
            outputs,
            path: gitops.path.as_ref().map_or_else(|| format!("stacks/{name}"), ToString::to_string),
            namespace: gitops.namespace.as_ref().map_or_else(|| usual.to_owned(), ToString::to_string),
            manifests: graph.kubernetes().map(|object| object.id.clone()).zip(manifests).collect(),
            releases: release_names(name, graph),
        }
    }

    /// The name of an object of the tool.
    fn named(&self, what: &str) -> String {
        format!("{}-{what}", self.stack)
    }

    /// The name of what stands for a release.
    fn release(&self, id: &ReleaseId) -> String {
        self.releases.get(id).cloned().unwrap_or_else(|| self.named(&id.name))
    }

    /// The metadata of an object of the tool. It is no member of the stack's own set: `apply` and `destroy` leave it alone.
    fn metadata(&self, name: &str) -> ObjectMeta {
        let labels =
            [("app.kubernetes.io/managed-by", "airflow-eks"), ("app.kubernetes.io/part-of", self.stack)];
        ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(self.namespace.clone()),
            labels: Some(labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
            ..ObjectMeta::default()
        }
    }

    /// A file in the stack's folder, with an object of the tool.
    fn file(&self, path: &str, object: &impl Serialize) -> RepositoryFile {
        // Typed objects with text keys and finite numbers: writing them cannot fail.
        let object = serde_json::to_value(object).unwrap_or_default();
        RepositoryFile { path: format!("{}/{path}.yaml", self.path), object }
    }

    /// A file in a group's folder, with an object of the stack.
    fn object(
        &self,
        folder: &str,
        resource: &Resource,
        annotations: &[(&str, String)],
    ) -> Option<RepositoryFile> {
        let ResourceId::Kubernetes(id) = resource.body.id() else { return None };
        let manifest = self.manifests.get(&id)?;
        let mut object = manifest.object.clone();
        annotations.iter().for_each(|(key, value)| annotate(&mut object, key, value));
        Some(RepositoryFile { path: format!("{}/{folder}/{}.yaml", self.path, manifest.file_stem), object })
    }

    /// The values of a release.
    fn values(&self, release: &HelmRelease) -> Option<Value> {
        let values = release.resolved(&|late| self.outputs.value(late));
        values.as_object().is_some_and(|values| !values.is_empty()).then_some(values)
    }

    /// Whether nothing else makes the namespace of a release.
    fn lacks_namespace(&self, id: &ReleaseId) -> bool {
        let namespace = ObjectId::new("", "Namespace", None, &id.namespace);
        !self.manifests.contains_key(&namespace)
            && !["default", "kube-system"].contains(&id.namespace.as_str())
    }
}

/// File names without their positions, which every new object would shift: Git would show all files as renamed. Names that
/// would be the same keep theirs.
fn drop_positions(manifests: &mut [Manifest]) {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let name = |stem: &str| stem.split_once('-').map_or_else(|| stem.to_owned(), |(_, name)| name.to_owned());
    manifests.iter().for_each(|manifest| *found.entry(name(&manifest.file_stem)).or_default() += 1);
    for manifest in manifests {
        let name = name(&manifest.file_stem);
        if found.get(&name) == Some(&1) {
            manifest.file_stem = name;
        }
    }
}

/// Whether deleting it would lose what cannot be made again: everything in a namespace, the data of a claim.
fn holds_data(resource: &Resource) -> bool {
    matches!(resource.body.id().kind().as_str(), "Namespace" | "PersistentVolumeClaim")
}

fn annotate(object: &mut Value, key: &str, value: &str) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(key.to_owned(), value.into());
    }
}

/// A name for each release: its own, with the namespace only where two have the same.
fn release_names(stack: &str, graph: &Graph) -> BTreeMap<ReleaseId, String> {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<&str> =
        graph.helm().map(|release| release.id.name.as_str()).filter(|name| !seen.insert(*name)).collect();
    let name = |id: &ReleaseId| {
        let space =
            if twice.contains(id.name.as_str()) { format!("{}-", id.namespace) } else { String::new() };
        format!("{stack}-{space}{}", id.name)
    };
    graph.helm().map(|release| (release.id.clone(), name(&release.id))).collect()
}
