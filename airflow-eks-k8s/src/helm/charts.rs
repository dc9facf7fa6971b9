//! Charts, fetched once a run.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::{Chart, ChartSource, HelmRelease};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::{Mutex, OnceCell};

use super::call::Call;
use super::failure::because;
use super::releases::FETCHED_WITHIN;
use super::{Program, values::Masks};

/// The label of a revision that tells the content of a chart that lies on this machine: there a version says little.
pub(super) const CONTENT: &str = "airflow-eks/chart";

/// The charts that were fetched, in a folder that goes with this value.
#[derive(Default)]
pub(super) struct Charts {
    folder: OnceCell<TempDir>,
    fetched: Mutex<HashMap<String, Arc<OnceCell<PathBuf>>>>,
}

impl Charts {
    /// Where the chart of a release is on this machine.
    pub(super) async fn path(&self, release: &HelmRelease, program: &Program) -> Result<PathBuf, Failure> {
        let (reference, url) = match &release.chart.source {
            ChartSource::Path(path) => return Ok(PathBuf::from(path)),
            ChartSource::Oci(reference) => (reference.clone(), None),
            ChartSource::Repository { url, chart } => (chart.clone(), Some(url.clone())),
            other => {
                return Err(because(
                    &release.id,
                    "helm pull",
                    format!("unknown source of a chart: {other:?}"),
                ));
            }
        };
        let version = release.chart.version.clone().unwrap_or_default();
        let cell = {
            let mut fetched = self.fetched.lock().await;
            Arc::clone(fetched.entry(format!("{url:?} {reference} {version}")).or_default())
        };
        cell.get_or_try_init(|| self.fetch(release, program, &reference, url.as_deref(), &version))
            .await
            .cloned()
    }

    async fn fetch(
        &self,
        release: &HelmRelease,
        program: &Program,
        reference: &str,
        url: Option<&str>,
        version: &str,
    ) -> Result<PathBuf, Failure> {
        let failed =
            |error: io::Error| because(&release.id, "helm pull", format!("cannot keep the chart: {error}"));
        let folder = self.folder.get_or_try_init(|| async { tempfile::tempdir() }).await.map_err(failed)?;
        // One folder for each, so that it is known which archive is whose.
        let folder = tempfile::tempdir_in(folder.path()).map_err(failed)?.keep();
        let masks = Masks::default();
        let mut call = Call::new(&release.id, "helm pull", &masks, FETCHED_WITHIN)
            .argument(reference)
            .argument(format!("--destination={}", folder.display()));
        if !version.is_empty() {
            call = call.argument(format!("--version={version}"));
        }
        if let Some(url) = url {
            call = call.argument(format!("--repo={url}"));
        }
        if is_on_loopback(reference) {
            call = call.argument("--plain-http");
        }
        call.run(program, None).await?;
        let archive = fs::read_dir(&folder)
            .map_err(failed)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
        archive.ok_or_else(|| because(&release.id, "helm pull", format!("it left no archive of {reference}")))
    }
}

/// A registry on this machine, which nobody else can listen to, has no certificate.
fn is_on_loopback(reference: &str) -> bool {
    let Some(rest) = reference.strip_prefix("oci://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// A fingerprint of the content of a chart on this machine, short enough for a label; nothing for one from elsewhere.
pub(super) async fn content(release: &HelmRelease) -> Result<Option<String>, Failure> {
    let ChartSource::Path(path) = &release.chart.source else { return Ok(None) };
    let path = PathBuf::from(path);
    let shown = path.display().to_string();
    let digest = tokio::task::spawn_blocking(move || digest(&path)).await.map_err(io::Error::other).flatten();
    digest.map(Some).map_err(|error| Failure {
        hint: Some("check the chart's `path`".to_owned()),
        ..because(&release.id, "read its chart", format!("{shown}: {error}"))
    })
}

fn digest(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    add(path, Path::new(""), &mut hasher)?;
    Ok(hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

fn add(path: &Path, within: &Path, hasher: &mut Sha256) -> io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        let mut names =
            fs::read_dir(path)?.map(|entry| entry.map(|e| e.file_name())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        return names.iter().try_for_each(|name| add(&path.join(name), &within.join(name), hasher));
    }
    let content = fs::read(path)?;
    hasher.update(format!("{}\0{}\0", within.display(), content.len()));
    hasher.update(content);
    Ok(())
}

/// Whether a pinned version is the one that a chart says. Registries and people write a `v` before it, or do not.
pub(super) fn is_version(pinned: &str, says: &str) -> bool {
    pinned.strip_prefix('v').unwrap_or(pinned) == says.strip_prefix('v').unwrap_or(says)
}

/// The name that a chart should say it has, where its source tells it.
pub(super) fn name(chart: &Chart) -> Option<&str> {
    match chart.source {
        ChartSource::Path(_) => None,
        _ => Some(chart.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registries_of_this_machine_are_asked_in_plain_text() {
        assert!(is_on_loopback("oci://127.0.0.1:5000/charts/c"));
        assert!(is_on_loopback("oci://localhost/c"));
        assert!(!is_on_loopback("oci://localhost.example.com/c"));
        assert!(!is_on_loopback("oci://public.ecr.aws/karpenter/karpenter"));
        assert!(!is_on_loopback("karpenter"));
    }

    #[test]
    fn the_fingerprint_of_a_chart_follows_names_and_content() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("templates")).unwrap();
        fs::write(folder.path().join("templates/a.yaml"), "a").unwrap();
        let first = digest(folder.path()).unwrap();
        assert_eq!(first.len(), 32);
        assert_eq!(digest(folder.path()).unwrap(), first);
        fs::write(folder.path().join("templates/a.yaml"), "b").unwrap();
        let second = digest(folder.path()).unwrap();
        fs::rename(folder.path().join("templates/a.yaml"), folder.path().join("templates/b.yaml")).unwrap();
        assert!(second != first && digest(folder.path()).unwrap() != second);
    }
}
