//! The `helm` that is found.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use airflow_eks_k8s::helm::Program;

fn script(folder: &tempfile::TempDir, says: &str) -> std::path::PathBuf {
    let path = folder.path().join("helm");
    fs::write(&path, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn one_that_is_missing_or_too_old_is_told_with_what_to_do() {
    let missing = Program::at("/nonexistent/helm").await.unwrap_err();
    assert!(
        missing.to_string().contains("/nonexistent/helm: helm version failed: there is no such program"),
        "{missing}"
    );
    assert!(missing.hint.unwrap().contains("install Helm 4"));

    let folder = tempfile::tempdir().unwrap();
    for (says, expected) in [
        ("v3.13.3+g1234567", "Helm 3.13 is too old: 3.14 or newer is needed"),
        ("Client: v2.17.0+ga690bad", "Helm 2.17 is too old"),
        ("something else", "it does not say its version, but `something else`"),
    ] {
        let failure = Program::at(script(&folder, says)).await.unwrap_err();
        assert!(failure.message.contains(expected), "{failure}");
    }
    assert_eq!(Program::at(script(&folder, "v3.14.0+g1234567")).await.unwrap().major(), 3);
}
