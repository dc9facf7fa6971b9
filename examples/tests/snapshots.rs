//! What each example renders to, one file an object.

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

#[test]
fn every_object_of_every_example() {
    for example in all().unwrap() {
        let stack = Stack::validate(example.spec, &Facts::unknown()).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(format!("snapshots/{}", example.name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let manifests = render::manifests(&desired(&stack), &Outputs::default());
            let order: Vec<String> = manifests.iter().map(name).collect();
            insta::assert_snapshot!("order", order.join("\n"));
            for manifest in &manifests {
                insta::assert_snapshot!(name(manifest), render::yaml(&manifest.object));
            }
        });
    }
}

/// A snapshot of an object that is rendered no more would look like one that is.
#[test]
fn no_snapshot_is_left_over() {
    for example in all().unwrap() {
        let stack = Stack::validate(example.spec, &Facts::unknown()).unwrap();
        let manifests = render::manifests(&desired(&stack), &Outputs::default());
        let mut expected: Vec<String> =
            manifests.iter().map(|manifest| format!("{}.snap", name(manifest))).collect();
        expected.push("order.snap".to_owned());
        let folder = format!("{}/tests/snapshots/{}", env!("CARGO_MANIFEST_DIR"), example.name);
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            assert!(expected.contains(&file), "{}/{file} shows an object that is not rendered", example.name);
        }
    }
}
