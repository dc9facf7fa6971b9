//! Charts of the add-ons themselves, on a control plane where nobody has their definitions yet.

use airflow_eks_core::graph::ChartSource;
use airflow_eks_testbed::{Chart, FreshOptions, TestBed};
use serde_json::json;

use crate::setup::{Setup, nothing, shown};

#[tokio::test(flavor = "multi_thread")]
async fn charts_of_add_ons_come_stay_as_they_are_and_go() {
    let fresh = TestBed::fresh(FreshOptions::default().with_nodes()).unwrap();
    let setup = Setup::on((*fresh).clone(), "real").await;
    let releases = setup.releases().await;
    let release = |name: &str, values| {
        let folder = Chart::named(name).unwrap().folder.display().to_string();
        setup.release_from(name, ChartSource::Path(folder), None, values)
    };
    let all = [
        release("karpenter-crd", json!({})),
        release("karpenter", json!({ "settings": { "clusterName": "test" } })),
        release("external-secrets", json!({})),
        release("spark-operator", json!({ "hook": { "upgradeCrd": true } })),
        release("metrics-server", json!({})),
    ];
    for release in &all {
        let present = releases.create(release).await.unwrap();
        assert_eq!(shown(&present), nothing(), "{}", release.id);
    }
    // Once controllers have had time to write what they write.
    let again = setup.releases().await;
    for release in &all {
        let present = again.observe(release).await.unwrap().unwrap();
        assert_eq!(shown(&present), nothing(), "{}", release.id);
    }
    assert_eq!(setup.starts(), nothing(), "no helm is started where nothing differs");
    assert_eq!(again.owned().await.unwrap().len(), all.len());

    let changed = release("external-secrets", json!({ "replicaCount": 2 }));
    let present = again.observe(&changed).await.unwrap().unwrap();
    let expected = ["values.replicaCount: - -> 2", "Deployment external-secrets spec.replicas: 1 -> 2"];
    assert_eq!(
        shown(&present)
            .iter()
            .map(|line| line.replace(&format!("{}/", setup.namespace), ""))
            .collect::<Vec<_>>(),
        expected
    );
    again.update(&changed, &[]).await.unwrap();

    for release in all.iter().rev() {
        again.delete(&release.id).await.unwrap();
    }
    assert_eq!(again.owned().await.unwrap(), []);
}
