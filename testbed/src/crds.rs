//! The custom resource definitions: which, at which version, and how they get into the API server.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crate::{Error, Kubectl, Progress, error::file_error, go, versions};

const SERVED_WITHIN: Duration = Duration::from_secs(60);

/// A Go module that carries custom resource definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrdSource {
    /// The project, as people call it.
    pub project: &'static str,
    /// The path of the Go module.
    pub module: &'static str,
    /// Its pinned version.
    pub version: &'static str,
    /// The folder inside the module, one file for each definition.
    pub folder: &'static str,
    /// The API groups that it must bring.
    pub groups: &'static [&'static str],
}

/// Every source, at its pinned version. This is the only list of them.
pub const CRD_SOURCES: [CrdSource; 9] = [
    // Carries the definitions of Karpenter's core too, with the rules on label domains that AWS adds to them: these,
    // and not the bare ones of core, are what a cluster on EKS has.
    CrdSource {
        project: "Karpenter",
        module: "github.com/aws/karpenter-provider-aws",
        version: "v1.14.1",
        folder: "pkg/apis/crds",
        groups: &["karpenter.sh", "karpenter.k8s.aws"],
    },
    CrdSource {
        project: "Spark Operator",
        module: "github.com/kubeflow/spark-operator/v2",
        version: "v2.5.1",
        folder: "config/crd/bases",
        groups: &["sparkoperator.k8s.io"],
    },
    CrdSource {
        project: "External Secrets",
        module: "github.com/external-secrets/external-secrets",
        version: "v1.3.2",
        folder: "config/crds/bases",
        groups: &["external-secrets.io", "generators.external-secrets.io"],
    },
    CrdSource {
        project: "KEDA",
        module: "github.com/kedacore/keda/v2",
        version: "v2.21.0",
        folder: "config/crd/bases",
        groups: &["keda.sh", "eventing.keda.sh"],
    },
    CrdSource {
        project: "Prometheus Operator",
        module: "github.com/prometheus-operator/prometheus-operator",
        version: "v0.85.0",
        folder: "example/prometheus-operator-crd",
        groups: &["monitoring.coreos.com"],
    },
    CrdSource {
        project: "Argo CD",
        module: "github.com/argoproj/argo-cd/v3",
        version: "v3.5.7",
        folder: "manifests/crds",
        groups: &["argoproj.io"],
    },
    CrdSource {
        project: "Flux's source controller",
        module: "github.com/fluxcd/source-controller",
        version: "v1.8.5",
        folder: "config/crd/bases",
        groups: &["source.toolkit.fluxcd.io"],
    },
    CrdSource {
        project: "Flux's kustomize controller",
        module: "github.com/fluxcd/kustomize-controller",
        version: "v1.7.3",
        folder: "config/crd/bases",
        groups: &["kustomize.toolkit.fluxcd.io"],
    },
    CrdSource {
        project: "Flux's Helm controller",
        module: "github.com/fluxcd/helm-controller",
        version: "v1.4.0",
        folder: "config/crd/bases",
        groups: &["helm.toolkit.fluxcd.io"],
    },
];

/// What KWOK is told its stages, logs and ports by. A test bed that has nodes has these too.
pub(crate) fn kwok() -> CrdSource {
    CrdSource {
        project: "KWOK",
        module: versions::KWOK,
        version: versions::required_by_nodes(versions::KWOK),
        folder: "kustomize/crd/bases",
        groups: &["kwok.x-k8s.io"],
    }
}

impl CrdSource {
    fn module_and_version(&self) -> String {
        format!("{}@{}", self.module, self.version)
    }
}

/// The file of one definition, and the name of that definition.
#[derive(Debug, PartialEq, Eq)]
struct Definition {
    file: PathBuf,
    name: String,
}

/// Installs every definition of some sources and waits until the API server serves them all.
pub(crate) fn install(kubectl: &Kubectl, sources: &[CrdSource], progress: Progress<'_>) -> Result<(), Error> {
    let modules: Vec<_> = sources.iter().map(CrdSource::module_and_version).collect();
    let folders = go::download(&modules)?;
    let mut definitions = Vec::new();
    for (source, module_folder) in sources.iter().zip(folders) {
        definitions.extend(definitions_in(module_folder.join(source.folder))?);
    }
    progress(&format!("installing {} custom resource definitions", definitions.len()));

    // Created, as nothing is there yet: server-side apply takes three times as long, and a client-side one repeats the
    // object in an annotation, for which some are too large. The API server checks them anyhow.
    let mut create = kubectl.command();
    create.args(["create", "--validate=false", "--field-manager=airflow-eks-testbed"]);
    for definition in &definitions {
        create.arg("--filename").arg(&definition.file);
    }
    crate::kubectl::output(&mut create, "install the custom resource definitions")?;
    wait_until_served(kubectl, definitions.into_iter().map(|definition| definition.name).collect())
}

/// Waits for the resources themselves: a client finds them a moment after their definition is established.
fn wait_until_served(kubectl: &Kubectl, mut awaited: BTreeSet<String>) -> Result<(), Error> {
    let deadline = Instant::now() + SERVED_WITHIN;
    loop {
        let served = kubectl.run("list the kinds of resources", &["api-resources", "--output=name"])?;
        for name in served.lines() {
            awaited.remove(name);
        }
        if awaited.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(Error::NotServed { definitions: awaited.into_iter().collect() });
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn definitions_in(folder: PathBuf) -> Result<Vec<Definition>, Error> {
    let entries = fs::read_dir(&folder).map_err(file_error("read the folder", &folder))?;
    let mut definitions = Vec::new();
    for entry in entries {
        let file = entry.map_err(file_error("read the folder", &folder))?.path();
        let content = fs::read_to_string(&file).map_err(file_error("read", &file))?;
        // What is something else, such as a kustomization, is no definition.
        if let Some(name) = name_of_definition(&content) {
            definitions.push(Definition { file, name });
        }
    }
    definitions.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(definitions)
}

/// The name in the metadata, if the text is a definition. Generated files all have the same layout.
fn name_of_definition(content: &str) -> Option<String> {
    let is_definition = content.lines().any(|line| line == "kind: CustomResourceDefinition");
    let mut metadata = content.lines().skip_while(|line| *line != "metadata:").skip(1);
    let name = metadata.find_map(|line| line.strip_prefix("  name: "))?;
    is_definition.then(|| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_definition_is_read_from_its_metadata() {
        let definition = "kind: CustomResourceDefinition\nmetadata:\n  annotations:\n    name: x\n  name: nodepools.karpenter.sh\nspec:\n";
        assert_eq!(name_of_definition(definition).as_deref(), Some("nodepools.karpenter.sh"));
        assert_eq!(name_of_definition("kind: Kustomization\nmetadata:\n  name: crds\n"), None);
        assert_eq!(name_of_definition("# Definitions\n"), None);
    }

    #[test]
    fn every_version_is_pinned() {
        for source in CRD_SOURCES.into_iter().chain([kwok()]) {
            assert!(versions::major_minor(source.version).is_some(), "{source:?}");
        }
    }
}
