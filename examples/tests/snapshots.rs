//! What each example renders to, one file an object and one a Helm release.

use airflow_eks_core::graph::{ChartSource, Graph, HelmRelease, ResourceId};
use airflow_eks_core::render::{self, Manifest};
use airflow_eks_core::{Facts, Outputs, Stack, desired};
use airflow_eks_examples::all;

/// The object's file without its position, which every new object shifts, and without the fingerprint in a Job's name.
fn name(manifest: &Manifest) -> String {
    let name = &manifest.file_stem[4..];
    let is_job = manifest.object["kind"] == "Job";
    let stem = name.rsplit_once('-').map_or(name, |(stem, _)| stem);
    if is_job { stem.to_owned() } else { name.to_owned() }
}

/// The release's file.
fn release_name(release: &HelmRelease) -> String {
    format!("helmrelease-{}-{}", release.id.namespace, release.id.name)
}

/// A release as people read it: its chart, its values, and what in the cluster it waits for.
fn release_text(graph: &Graph, release: &HelmRelease) -> String {
    let source = match &release.chart.source {
        ChartSource::Repository { url, chart } => format!("{url} {chart}"),
        ChartSource::Oci(reference) => reference.clone(),
        ChartSource::Path(path) => path.clone(),
        other => format!("{other:?}"),
    };
    let resource = graph.get(&ResourceId::Helm(release.id.clone()));
    let waits = resource.into_iter().flat_map(|resource| &resource.depends_on);
    let in_cluster = waits.filter(|id| !matches!(id, ResourceId::Aws(_)));
    let waits: Vec<String> = in_cluster.map(ToString::to_string).collect();
    render::yaml(&serde_json::json!({
        "chart": source,
        "version": release.chart.version,
        "skipCrds": release.skip_crds,
        "after": waits,
        "values": release.resolved(&|late| format!("<known after apply: {late}>")),
    }))
}

#[test]
fn every_object_of_every_example() {
    for example in all().unwrap() {
        let stack = Stack::validate(example.spec, &Facts::unknown()).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("snapshots/{}", example.name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let graph = desired(&stack);
            let manifests = render::manifests(&graph, &Outputs::default());
            let order: Vec<String> = manifests.iter().map(name).collect();
            insta::assert_snapshot!("order", order.join("\n"));
            for manifest in &manifests {
                insta::assert_snapshot!(name(manifest), render::yaml(&manifest.object));
            }
            for release in graph.helm() {
                insta::assert_snapshot!(release_name(release), release_text(&graph, release));
            }
        });
    }
}

/// A snapshot of an object that is rendered no more would look like one that is.
#[test]
fn no_snapshot_is_left_over() {
    for example in all().unwrap() {
        let stack = Stack::validate(example.spec, &Facts::unknown()).unwrap();
        let graph = desired(&stack);
        let manifests = render::manifests(&graph, &Outputs::default());
        let mut expected: Vec<String> =
            manifests.iter().map(|manifest| format!("{}.snap", name(manifest))).collect();
        expected.push("order.snap".to_owned());
        expected.extend(graph.helm().map(|release| format!("{}.snap", release_name(release))));
        let folder = format!("{}/tests/snapshots/{}", env!("CARGO_MANIFEST_DIR"), example.name);
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            assert!(expected.contains(&file), "{}/{file} shows an object that is not rendered", example.name);
        }
    }
}
