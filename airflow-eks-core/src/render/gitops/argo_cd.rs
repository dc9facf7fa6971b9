//! Argo CD: an application of applications. Each stage of objects is one application, ordered within by waves, and each
//! release is one.

use std::collections::BTreeMap;

use super::group::{self, Grain, Group};
use super::{Layout, Repository, RepositoryFile, holds_data};
use crate::custom_resources::argo_cd::{
    Application, ApplicationDestination, ApplicationHelm, ApplicationSource, ApplicationSpec, AutomatedSync,
    IgnoreDifferences, SyncBackoff, SyncPolicy, SyncRetry,
};
use crate::graph::{Body, ChartSource, HelmRelease, Resource, ResourceId};
use crate::spec::GitOpsRemoval;

/// See <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>.
const WAVE: &str = "argocd.argoproj.io/sync-wave";
/// See <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/>.
const OPTIONS: &str = "argocd.argoproj.io/sync-options";
/// See <https://argo-cd.readthedocs.io/en/stable/user-guide/app_deletion/>.
const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io/foreground";
/// The cluster that Argo CD runs in.
const THIS_CLUSTER: &str = "https://kubernetes.default.svc";

pub(super) fn repository(layout: &Layout<'_>) -> Repository {
    let groups = group::of(layout.graph, Grain::Stage);
    let ranks = ranks(&groups);
    let mut applications: Vec<(usize, Application)> = Vec::new();
    let mut objects = Vec::new();
    for group in &groups {
        if group.releases {
            let releases = group.parts.iter().filter_map(|(resource, _)| {
                let Body::Helm(release) = &resource.body else { return None };
                let rank = ranks.get(&resource.body.id()).copied().unwrap_or_default();
                Some((rank, of_release(layout, release, rank)))
            });
            applications.extend(releases);
        } else {
            let rank = group.parts.first().and_then(|(resource, _)| ranks.get(&resource.body.id()));
            let rank = rank.copied().unwrap_or_default();
            applications.push((rank, of_objects(layout, group, rank)));
            let files = group.parts.iter();
            objects.extend(files.filter_map(|(resource, wave)| file(layout, group, resource, *wave)));
        }
    }
    applications.sort_by_key(|(rank, _)| *rank);
    let mut files = vec![layout.file("application", &root(layout))];
    for (_, application) in &applications {
        let name = application.metadata.name.as_deref().unwrap_or_default();
        files.push(layout.file(&format!("applications/{name}"), application));
    }
    files.extend(objects);
    Repository { files, entry: format!("{}/application.yaml", layout.path) }
}

/// The wave of each part's application: after every application that a part of it waits for. Releases that nothing waits for
/// come with the last.
fn ranks(groups: &[Group<'_>]) -> BTreeMap<ResourceId, usize> {
    let mut ranks: BTreeMap<ResourceId, usize> = BTreeMap::new();
    let mut last = 0;
    for group in groups {
        let after = |ranks: &BTreeMap<ResourceId, usize>, resource: &Resource| {
            let ids = resource
                .depends_on
                .iter()
                .filter(|id| group.releases || group.parts.iter().all(|(other, _)| other.body.id() != **id));
            ids.filter_map(|id| ranks.get(id)).map(|rank| rank + 1).max().unwrap_or_default()
        };
        let least = if group.name == "add-ons" { last } else { 0 };
        let together = group.parts.iter().map(|(part, _)| after(&ranks, part)).max().unwrap_or_default();
        for (resource, _) in &group.parts {
            let rank = if group.releases { after(&ranks, resource).max(least) } else { together };
            ranks.insert(resource.body.id(), rank);
            last = last.max(rank);
        }
    }
    ranks
}

/// What brings all others. It is given to the cluster by hand, and does not bring itself: it would wait for its own health.
fn root(layout: &Layout<'_>) -> Application {
    let source = folder(layout, "applications");
    let namespace = Some(layout.namespace.clone());
    application(layout, layout.stack, None, source, namespace, &[], Vec::new())
}

fn of_objects(layout: &Layout<'_>, group: &Group<'_>, rank: usize) -> Application {
    let source = folder(layout, &group.name);
    // Definitions may be those of a release that is not yet there when everything is compared.
    let options = ["SkipDryRunOnMissingResource=true"];
    application(
        layout,
        &layout.named(&group.name),
        Some(rank),
        source,
        None,
        &options,
        counted_by_autoscalers(),
    )
}

fn of_release(layout: &Layout<'_>, release: &HelmRelease, rank: usize) -> Application {
    let (repo_url, chart) = match &release.chart.source {
        ChartSource::Repository { url, chart } => (url.clone(), chart.clone()),
        // Argo CD wants the registry and folder without `oci://`, and the chart by itself.
        ChartSource::Oci(text) | ChartSource::Path(text) => {
            let text = text.trim_start_matches("oci://").trim_end_matches('/');
            let (registry, chart) = text.rsplit_once('/').unwrap_or(("", text));
            (registry.to_owned(), chart.to_owned())
        }
    };
    let source = ApplicationSource {
        repo_url,
        chart: Some(chart),
        target_revision: release.chart.version.clone(),
        helm: Some(ApplicationHelm {
            release_name: Some(release.id.name.clone()),
            skip_crds: release.skip_crds.then_some(true),
            values_object: layout.values(release),
        }),
        ..ApplicationSource::default()
    };
    let create = ["CreateNamespace=true"];
    let options: &[&str] = if layout.lacks_namespace(&release.id) { &create } else { &[] };
    let mut ignored = counted_by_autoscalers();
    ignored.extend(made_when_rendered());
    let namespace = Some(release.id.namespace.clone());
    application(layout, &layout.release(&release.id), Some(rank), source, namespace, options, ignored)
}

fn folder(layout: &Layout<'_>, name: &str) -> ApplicationSource {
    ApplicationSource {
        repo_url: layout.gitops.repository.to_string(),
        path: Some(format!("{}/{name}", layout.path)),
        target_revision: Some(layout.gitops.revision.to_string()),
        ..ApplicationSource::default()
    }
}

fn application(
    layout: &Layout<'_>,
    name: &str,
    wave: Option<usize>,
    source: ApplicationSource,
    namespace: Option<String>,
    options: &[&str],
    ignore_differences: Vec<IgnoreDifferences>,
) -> Application {
    let mut metadata = layout.metadata(name);
    metadata.annotations = wave.map(|wave| [(WAVE.to_owned(), wave.to_string())].into());
    if layout.gitops.on_removal == GitOpsRemoval::Delete {
        metadata.finalizers = Some(vec![FINALIZER.to_owned()]);
    }
    // The objects are large, and others keep fields of them: with server-side apply each keeps its own.
    let always = ["ServerSideApply=true", "RespectIgnoreDifferences=true"];
    Application::new(
        metadata,
        ApplicationSpec {
            project: layout.gitops.project.to_string(),
            source: Some(source),
            destination: ApplicationDestination { server: Some(THIS_CLUSTER.to_owned()), namespace },
            sync_policy: Some(SyncPolicy {
                automated: Some(AutomatedSync { prune: Some(true), self_heal: Some(true) }),
                sync_options: always.iter().chain(options).map(|option| (*option).to_owned()).collect(),
                // Not for ever: a retry keeps to its commit, and a mended one would have to wait.
                retry: Some(SyncRetry {
                    limit: Some(5),
                    backoff: Some(SyncBackoff {
                        duration: Some("30s".to_owned()),
                        factor: Some(2),
                        max_duration: Some("5m".to_owned()),
                    }),
                }),
            }),
            ignore_differences,
        },
    )
}

/// What autoscalers set through `scale` is theirs, wherever they come from.
fn counted_by_autoscalers() -> Vec<IgnoreDifferences> {
    ["Deployment", "StatefulSet"]
        .map(|kind| IgnoreDifferences {
            group: Some("apps".to_owned()),
            kind: kind.to_owned(),
            managed_fields_managers: vec!["kube-controller-manager".to_owned()],
            ..IgnoreDifferences::default()
        })
        .into()
}

/// Certificates that charts make anew whenever they are rendered, or that their controllers put in: without this, each look
/// would replace them.
fn made_when_rendered() -> Vec<IgnoreDifferences> {
    let ignore = |group: &str, kind: &str, path: &str| IgnoreDifferences {
        group: Some(group.to_owned()),
        kind: kind.to_owned(),
        jq_path_expressions: vec![path.to_owned()],
        ..IgnoreDifferences::default()
    };
    let bundle = ".webhooks[]?.clientConfig.caBundle";
    vec![
        ignore("admissionregistration.k8s.io", "MutatingWebhookConfiguration", bundle),
        ignore("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", bundle),
        ignore("", "Secret", "select(.type == \"kubernetes.io/tls\") | .data"),
    ]
}

fn file(layout: &Layout<'_>, group: &Group<'_>, resource: &Resource, wave: usize) -> Option<RepositoryFile> {
    let mut annotations = vec![(WAVE, wave.to_string())];
    if holds_data(resource) {
        annotations.push((OPTIONS, "Prune=false,Delete=false".to_owned()));
    }
    layout.object(&group.name, resource, &annotations)
}
