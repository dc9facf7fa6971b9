//! The custom resource definitions: which, at which version, and how they get into the API server.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use crate::{Error, Kubectl, Progress, error::file_error, go};

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
    /// The folder inside the module, one file for each definition, named `<group>_<plural>.yaml`.
    pub folder: &'static str,
    /// The API groups that it must bring.
    pub groups: &'static [&'static str],
}

/// Every source, at its pinned version. This is the only list of them.
pub const CRD_SOURCES: [CrdSource; 5] = [
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
];

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

/// Installs every definition and waits until the API server serves them all.
pub(crate) fn install(kubectl: &Kubectl, progress: Progress<'_>) -> Result<(), Error> {
    let modules: Vec<_> = CRD_SOURCES.iter().map(CrdSource::module_and_version).collect();
    let folders = go::download(&modules)?;
    let mut definitions = Vec::new();
    for (source, module_folder) in CRD_SOURCES.iter().zip(folders) {
        definitions.extend(definitions_in(module_folder.join(source.folder))?);
    }
    progress(&format!("installing {} custom resource definitions", definitions.len()));

    // Server-side, because a client-side apply repeats the object in an annotation and some are too large for one.
    let mut apply = kubectl.command();
    apply.args(["apply", "--server-side", "--force-conflicts", "--field-manager=airflow-eks-testbed"]);
    for definition in &definitions {
        apply.arg("--filename").arg(&definition.file);
    }
    crate::kubectl::output(&mut apply, "install the custom resource definitions")?;
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
        // What has another name, such as a kustomization, is no definition.
        if let Some(name) =
            file.file_name().and_then(|file_name| name_of_definition(&file_name.to_string_lossy()))
        {
            definitions.push(Definition { file, name });
        }
    }
    definitions.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(definitions)
}

fn name_of_definition(file_name: &str) -> Option<String> {
    let (group, plural) = file_name.strip_suffix(".yaml")?.split_once('_')?;
    Some(format!("{plural}.{group}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_definition_is_read_from_its_file() {
        assert_eq!(
            name_of_definition("karpenter.sh_nodepools.yaml").as_deref(),
            Some("nodepools.karpenter.sh")
        );
        assert_eq!(name_of_definition("kustomization.yaml"), None);
        assert_eq!(name_of_definition("README.md"), None);
    }

    #[test]
    fn every_version_is_pinned() {
        for source in CRD_SOURCES {
            assert!(crate::versions::major_minor(source.version).is_some(), "{source:?}");
        }
    }
}
