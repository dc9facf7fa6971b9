//! What others change in the objects of a release.

use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, nothing, shown};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_shown_and_mended() {
    let setup = Setup::new("drift").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let release = setup.release("web", &chart, json!({}));
    releases.create(&release).await.unwrap();
    let namespace = ["--namespace", setup.namespace.as_str()];
    let kubectl = |arguments: &[&str]| setup.kubectl(&[arguments, &namespace].concat());
    kubectl(&["patch", "configmap", "web", "--patch", r#"{"data":{"color":"pink","more":"x"}}"#]);
    kubectl(&["delete", "secret", "web-random"]);
    kubectl(&["scale", "deployment", "web", "--replicas=3"]);

    let present = releases.observe(&release).await.unwrap().unwrap();
    let expected = [
        "ConfigMap web data.color: \"pink\" -> \"red\" by kubectl-patch",
        "Deployment web spec.replicas: 3 -> 1 by kubectl",
        "Secret web-random: - -> \"as the chart has it\"",
    ];
    assert_eq!(shown(&present), expected);
    let changes = present.differences.unwrap().changes;
    let present = releases.update(&release, &changes).await.unwrap();
    assert_eq!(shown(&present), nothing());
    assert_eq!(setup.field("configmap/web", "{.data.color}"), "red");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_autoscaler_sets_is_left_to_it() {
    let setup = Setup::new("scaled").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let release = setup.release("web", &chart, json!({}));
    releases.create(&release).await.unwrap();
    let patch = ["--type=merge", "--patch", r#"{"spec":{"replicas":2}}"#];
    let scale =
        ["patch", "deployment", "web", "--subresource=scale", "--field-manager=kube-controller-manager"];
    setup.kubectl(&[&scale[..], &patch, &["--namespace", &setup.namespace]].concat());
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tool_applies_is_a_conflict() {
    let setup = Setup::new("conflict").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let release = setup.release("web", &chart, json!({}));
    releases.create(&release).await.unwrap();
    let file = setup.folder.path().join("configmap.yaml");
    let object = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "web", "namespace": setup.namespace }, "data": { "color": "black" } });
    std::fs::write(&file, object.to_string()).unwrap();
    setup.kubectl(&[
        "apply",
        "--server-side",
        "--force-conflicts",
        "--field-manager=argocd-controller",
        "--filename",
        &file.display().to_string(),
    ]);
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), ["ConfigMap web data.color: \"black\" -> \"red\" by argocd-controller"]);
    let conflicts = present.differences.unwrap().conflicts;
    assert_eq!(
        (conflicts[0].path.as_str(), conflicts[0].manager.as_str()),
        ("ConfigMap web data.color", "argocd-controller")
    );
}
