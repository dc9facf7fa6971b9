//! Flux: a kustomization for each wave of objects, and for each stage of releases, each after those that it waits for.

use super::group::{self, Grain, Group};
use super::{Layout, Repository, RepositoryFile, holds_data};
use crate::custom_resources::flux::{
    DeletionPolicy, GitRepository, GitRepositoryReference, GitRepositorySpec, HelmChartTemplate,
    HelmChartTemplateSpec, HelmCrds, HelmInstall, HelmRelease, HelmReleaseSpec, HelmRemediation,
    HelmRepository, HelmRepositorySpec, HelmUpgrade, Kustomization, KustomizationSpec, NameReference,
    OCILayerSelector, OCIRepository, OCIRepositoryReference, OCIRepositorySpec, SourceReference,
};
use crate::graph::{self, Body, ChartSource, Resource, ResourceId};
use crate::spec::GitOpsRemoval;

/// See <https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources>.
const PRUNE: &str = "kustomize.toolkit.fluxcd.io/prune";
/// The part of an OCI artifact that is a chart.
/// See <https://fluxcd.io/flux/components/source/ocirepositories/#layer-selector>.
const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/// The folder of Flux's own objects. Its root is in it too, so that a change of the root comes from Git as well.
const OWN: &str = "flux";

pub(super) fn repository(layout: &Layout<'_>) -> Repository {
    let groups = group::of(layout.graph, Grain::Wave);
    let mut files = vec![
        layout.file(&format!("{OWN}/source"), &source(layout)),
        layout.file(&format!("{OWN}/stack"), &root(layout)),
    ];
    let mut parts = Vec::new();
    for group in &groups {
        files.push(layout.file(&format!("{OWN}/{}", group.name), &of_group(layout, &groups, group)));
        for (resource, _) in &group.parts {
            match &resource.body {
                Body::Helm(release) => parts.extend(of_release(layout, group, resource, release)),
                _ => parts.extend(file(layout, group, resource)),
            }
        }
    }
    files.extend(parts);
    Repository { files, entry: format!("{}/{OWN}", layout.path) }
}

fn interval(layout: &Layout<'_>) -> String {
    // In the notation that Flux's own pattern allows.
    format!("{}s", layout.gitops.interval.seconds())
}

fn source(layout: &Layout<'_>) -> GitRepository {
    let gitops = layout.gitops;
    let revision = gitops.revision.to_string();
    let reference = if revision.starts_with("refs/") {
        GitRepositoryReference { name: Some(revision), ..GitRepositoryReference::default() }
    } else if revision.len() == 40 && revision.chars().all(|c| c.is_ascii_hexdigit()) {
        GitRepositoryReference { commit: Some(revision), ..GitRepositoryReference::default() }
    } else {
        GitRepositoryReference { branch: Some(revision), ..GitRepositoryReference::default() }
    };
    let spec = GitRepositorySpec {
        url: with_scheme(gitops.repository.as_str()),
        interval: interval(layout),
        reference: Some(reference),
        secret_ref: gitops.credentials_secret.as_ref().map(|name| NameReference { name: name.to_string() }),
    };
    GitRepository::new(layout.metadata(layout.stack), spec)
}

/// Flux does not read the short form of an SSH address, `git@host:path`.
fn with_scheme(url: &str) -> String {
    match url.split_once(':') {
        Some((host, path)) if !url.contains("://") => {
            format!("ssh://{host}/{}", path.trim_start_matches('/'))
        }
        _ => url.to_owned(),
    }
}

/// What brings all others, and itself. It does not wait for them: they wait for each other.
fn root(layout: &Layout<'_>) -> Kustomization {
    kustomization(layout, layout.stack, OWN, false, Vec::new())
}

fn of_group(layout: &Layout<'_>, groups: &[Group<'_>], group: &Group<'_>) -> Kustomization {
    let after = group.after.iter().filter_map(|position| groups.get(*position));
    let after = after.map(|group| NameReference { name: layout.named(&group.name) }).collect();
    kustomization(layout, &layout.named(&group.name), &group.name, true, after)
}

fn kustomization(
    layout: &Layout<'_>,
    name: &str,
    folder: &str,
    wait: bool,
    depends_on: Vec<NameReference>,
) -> Kustomization {
    let spec = KustomizationSpec {
        interval: interval(layout),
        retry_interval: Some("2m".to_owned()),
        timeout: Some("15m".to_owned()),
        source_ref: reference("GitRepository", layout.stack),
        path: Some(format!("./{}/{folder}", layout.path)),
        prune: true,
        wait: wait.then_some(true),
        deletion_policy: Some(match layout.gitops.on_removal {
            GitOpsRemoval::Keep => DeletionPolicy::Orphan,
            GitOpsRemoval::Delete => DeletionPolicy::Delete,
        }),
        depends_on,
    };
    Kustomization::new(layout.metadata(name), spec)
}

fn reference(kind: &str, name: &str) -> SourceReference {
    SourceReference { kind: kind.to_owned(), name: name.to_owned() }
}

fn of_release(
    layout: &Layout<'_>,
    group: &Group<'_>,
    resource: &Resource,
    release: &graph::HelmRelease,
) -> Vec<RepositoryFile> {
    let name = layout.release(&release.id);
    let path = |what: &str| format!("{}/{}-{what}", group.name, name);
    let version = release.chart.version.clone();
    let (source, chart, chart_ref) = match &release.chart.source {
        ChartSource::Repository { url, chart } => {
            let source_ref = reference("HelmRepository", &name);
            let spec = HelmChartTemplateSpec { chart: chart.clone(), version, source_ref };
            (
                layout.file(&path("source"), &repository_of(layout, &name, url)),
                Some(HelmChartTemplate { spec }),
                None,
            )
        }
        ChartSource::Oci(url) | ChartSource::Path(url) => {
            let source = layout.file(&path("source"), &artifact_of(layout, &name, url, version));
            (source, None, Some(reference("OCIRepository", &name)))
        }
    };
    let skipped = release.skip_crds;
    let crds = |otherwise| Some(if skipped { HelmCrds::Skip } else { otherwise });
    let after = resource.depends_on.iter().filter_map(|id| match id {
        ResourceId::Helm(id) => Some(NameReference { name: layout.release(id) }),
        _ => None,
    });
    let remediation = Some(HelmRemediation { retries: Some(3) });
    let spec = HelmReleaseSpec {
        interval: interval(layout),
        timeout: Some("10m".to_owned()),
        chart,
        chart_ref,
        // The same names as without Flux, so that `helm list` tells the same.
        release_name: Some(release.id.name.clone()),
        target_namespace: Some(release.id.namespace.clone()),
        storage_namespace: Some(release.id.namespace.clone()),
        depends_on: after.collect(),
        install: Some(HelmInstall {
            crds: crds(HelmCrds::Create),
            create_namespace: layout.lacks_namespace(&release.id).then_some(true),
            remediation: remediation.clone(),
        }),
        // Helm itself never changes definitions; a chart that is newer than its definitions does not work.
        upgrade: Some(HelmUpgrade { crds: crds(HelmCrds::CreateReplace), remediation }),
        values: layout.values(release),
    };
    vec![source, layout.file(&path("release"), &HelmRelease::new(layout.metadata(&name), spec))]
}

fn repository_of(layout: &Layout<'_>, name: &str, url: &str) -> HelmRepository {
    let spec = HelmRepositorySpec { url: url.to_owned(), interval: Some("1h".to_owned()) };
    HelmRepository::new(layout.metadata(name), spec)
}

fn artifact_of(layout: &Layout<'_>, name: &str, url: &str, version: Option<String>) -> OCIRepository {
    let host = url.trim_start_matches("oci://").split('/').next().unwrap_or_default();
    let spec = OCIRepositorySpec {
        url: url.trim_end_matches('/').to_owned(),
        interval: "1h".to_owned(),
        // A registry in ECR is read with the role of Flux's source controller.
        provider: host.contains(".dkr.ecr.").then(|| "aws".to_owned()),
        // Tags have no `+`; Helm writes `_` for it.
        reference: Some(OCIRepositoryReference { tag: version.map(|version| version.replace('+', "_")) }),
        layer_selector: Some(OCILayerSelector {
            media_type: Some(CHART_LAYER.to_owned()),
            operation: Some("copy".to_owned()),
        }),
    };
    OCIRepository::new(layout.metadata(name), spec)
}

fn file(layout: &Layout<'_>, group: &Group<'_>, resource: &Resource) -> Option<RepositoryFile> {
    let keep = [(PRUNE, "disabled".to_owned())];
    layout.object(&group.name, resource, if holds_data(resource) { &keep } else { &[] })
}
