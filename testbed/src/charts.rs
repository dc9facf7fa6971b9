//! Charts of real projects, out of their Go modules.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{Error, Helm, cache, error::file_error, go};

/// A Go module that carries a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartSource {
    /// The path of the Go module.
    pub module: &'static str,
    /// Its pinned version.
    pub version: &'static str,
    /// The folder of the chart inside the module.
    pub folder: &'static str,
    /// The name of the chart.
    pub name: &'static str,
    /// The values without which it cannot be rendered, for `--set`.
    pub values: &'static [&'static str],
}

/// Every source, at its pinned version: between them there are several Deployments in one chart (External Secrets),
/// hooks and definitions in `crds/` (Spark Operator), definitions among the templates (`karpenter-crd`) and an
/// APIService (metrics-server).
pub const CHART_SOURCES: [ChartSource; 5] = [
    ChartSource {
        module: "github.com/aws/karpenter-provider-aws",
        version: "v1.14.1",
        folder: "charts/karpenter",
        name: "karpenter",
        values: &["settings.clusterName=test"],
    },
    ChartSource {
        module: "github.com/aws/karpenter-provider-aws",
        version: "v1.14.1",
        folder: "charts/karpenter-crd",
        name: "karpenter-crd",
        values: &[],
    },
    ChartSource {
        module: "github.com/external-secrets/external-secrets",
        version: "v1.3.2",
        folder: "deploy/charts/external-secrets",
        name: "external-secrets",
        values: &[],
    },
    ChartSource {
        module: "github.com/kubeflow/spark-operator/v2",
        version: "v2.5.1",
        folder: "charts/spark-operator-chart",
        name: "spark-operator",
        values: &[],
    },
    ChartSource {
        module: "sigs.k8s.io/metrics-server",
        version: "v0.9.0",
        folder: "charts/metrics-server",
        name: "metrics-server",
        values: &[],
    },
];

/// A chart on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name.
    pub name: String,
    /// Its version, which is not always that of the module.
    pub version: String,
    /// Its unpacked folder.
    pub folder: PathBuf,
    /// The values without which it cannot be rendered, for `--set`.
    pub values: &'static [&'static str],
}

impl Chart {
    /// The chart of a source. Its dependencies, all of which are off by default, are taken out: they are elsewhere.
    ///
    /// # Errors
    /// The module cannot be downloaded, or holds no such chart.
    pub fn of(source: &ChartSource) -> Result<Self, Error> {
        let module = format!("{}@{}", source.module, source.version);
        let origin = go::download(std::slice::from_ref(&module))?.swap_remove(0).join(source.folder);
        let folder = cache::root().join("charts").join(source.version).join(source.name);
        if !folder.exists() {
            place(&origin, &folder)?;
        }
        let about = folder.join("Chart.yaml");
        let text = fs::read_to_string(&about).map_err(file_error("read", about))?;
        Ok(Self {
            name: source.name.into(),
            version: top_level(&text, "version").into(),
            folder,
            values: source.values,
        })
    }

    /// The chart of that name among [`CHART_SOURCES`].
    ///
    /// # Errors
    /// There is none, or see [`Chart::of`].
    pub fn named(name: &str) -> Result<Self, Error> {
        let source = CHART_SOURCES.iter().find(|source| source.name == name);
        source.ok_or_else(|| Error::NoChart { name: name.into() }).and_then(Self::of)
    }

    /// `--set` and the values without which it cannot be rendered.
    #[must_use]
    pub fn set_arguments(&self) -> Vec<&str> {
        self.values.iter().flat_map(|value| ["--set", value]).collect()
    }

    /// Packs it into an archive in a folder, and gives the archive.
    ///
    /// # Errors
    /// Helm fails.
    pub fn package(&self, helm: &Helm, into: &Path) -> Result<PathBuf, Error> {
        let (folder, to) = (self.folder.to_string_lossy(), into.to_string_lossy());
        helm.run(&format!("pack chart {}", self.name), &["package", &folder, "--destination", &to])?;
        Ok(into.join(format!("{}-{}.tgz", self.name, self.version)))
    }
}

/// Copies a chart to where nobody else finds half of it.
fn place(origin: &Path, folder: &Path) -> Result<(), Error> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.with_added_extension(format!("{}-{number}.unfinished", std::process::id()));
    copy(origin, &unfinished)?;
    let about = unfinished.join("Chart.yaml");
    let text = fs::read_to_string(&about).map_err(file_error("read", &about))?;
    fs::remove_file(&about).map_err(file_error("replace", &about))?;
    fs::write(&about, without_dependencies(&text)).map_err(file_error("write", &about))?;
    let lock = unfinished.join("Chart.lock");
    if lock.exists() {
        fs::remove_file(&lock).map_err(file_error("remove", lock))?;
    }
    match fs::rename(&unfinished, folder) {
        // Another test was quicker.
        Err(_) if folder.exists() => {
            fs::remove_dir_all(&unfinished).map_err(file_error("remove", unfinished))
        }
        renamed => renamed.map_err(file_error("rename", unfinished)),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(file_error("create", to))?;
    for entry in fs::read_dir(from).map_err(file_error("read the folder", from))? {
        let path = entry.map_err(file_error("read the folder", from))?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(file_error("copy", path))?;
        }
    }
    Ok(())
}

/// The value of a key at the top level of a Chart.yaml.
fn top_level<'t>(text: &'t str, key: &str) -> &'t str {
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    value.unwrap_or_default().trim().trim_matches('"')
}

/// Everything but the key `dependencies` at the top level of a Chart.yaml.
fn without_dependencies(text: &str) -> String {
    let mut inside = false;
    let kept = text.lines().filter(|line| {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            inside = line.starts_with("dependencies:");
        }
        !inside
    });
    kept.fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "name: x\ndependencies:\n  - name: y\n    version: 1\nversion: \"1.2.3\"\n";

    #[test]
    fn dependencies_are_taken_out_and_nothing_else() {
        assert_eq!(without_dependencies(CHART), "name: x\nversion: \"1.2.3\"\n");
    }

    #[test]
    fn the_version_is_read_without_its_quotes() {
        assert_eq!(top_level(CHART, "version"), "1.2.3");
        assert_eq!(top_level(CHART, "appVersion"), "");
    }
}
