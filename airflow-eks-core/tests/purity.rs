//! Core computes, and does nothing else: its dependency tree holds no runtime, no client and no SDK.

#![expect(clippy::disallowed_methods, reason = "the wall is for what ships; a test may look outside")]

use std::process::Command;

const FORBIDDEN: &[&str] =
    &["tokio", "async-std", "smol", "hyper", "reqwest", "ureq", "rustls", "openssl", "native-tls", "kube"];

#[test]
fn no_runtime_client_or_sdk_is_depended_on() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "airflow-eks-core", "--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let crates: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(crates.contains(&"serde"), "{tree}");
    let found: Vec<&&str> = crates
        .iter()
        .filter(|name| FORBIDDEN.contains(name) || name.starts_with("aws-") || name.starts_with("kube-"))
        .collect();
    assert!(found.is_empty(), "core depends on {found:?}");
}
