//! What the README promises an embedder: an empty crate, one dependency, the example, manifests on standard output.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the wall is for what ships; a test may look outside"
)]

use std::path::Path;
use std::process::{Command, Output};

/// The first Rust program in a Markdown text.
fn program(markdown: &str) -> &str {
    let (_, rest) = markdown.split_once("```rust\n").expect("a Rust block");
    rest.split_once("```").expect("the end of the block").0
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        // Outside the crate, so that a second run finds what the first one built.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedding"))
        .output()
        .unwrap()
}

#[test]
fn the_example_of_both_readmes_is_the_same_and_short() {
    let own = include_str!("../README.md");
    let root = include_str!("../../README.md");
    assert_eq!(program(own), program(root));
    assert!(program(own).lines().count() <= 20);
}

#[test]
fn the_example_of_the_readme_runs_in_an_empty_crate() {
    let folder = tempfile::tempdir().unwrap();
    let succeed = |arguments: &[&str]| {
        let output = cargo(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    };
    succeed(&["init", "--name", "embedder", "--vcs", "none"]);
    // The versions that this workspace is tested with; whatever else is in the file is dropped.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    succeed(&["add", "airflow-eks-core", "--path", env!("CARGO_MANIFEST_DIR")]);
    std::fs::write(folder.path().join("src/main.rs"), program(include_str!("../README.md"))).unwrap();
    let manifests = String::from_utf8(succeed(&["run", "--quiet"]).stdout).unwrap();
    assert!(manifests.starts_with("---\napiVersion: v1\nkind: Namespace\n"), "{manifests}");
    assert!(manifests.contains("kind: NodePool"));
}
