//! From the first install to the end.

use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{ReleaseId, ResourceId};
use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, UNKNOWN_MARK, nothing, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_installed_changed_and_taken_away() {
    let setup = Setup::new("life").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let release = setup.release("web", &chart, json!({ "color": "blue", "count": 1000000, "none": null }));
    assert_eq!(releases.observe(&release).await.unwrap(), None);

    let present = releases.create(&release).await.unwrap();
    assert_eq!(
        (shown(&present), &present.readiness, &present.ownership),
        (nothing(), &Readiness::Ready, &Ownership::Ours)
    );
    assert_eq!(setup.field("deployment/web", "{.status.readyReplicas}"), "1", "waited until it was ready");
    let owned: Vec<_> = releases.owned().await.unwrap().into_iter().map(|owned| owned.id).collect();
    assert_eq!(owned, [ResourceId::Helm(ReleaseId::new(&setup.namespace, "web"))]);

    // Nothing differs, and nothing is started to find that out.
    let again = setup.releases().await;
    let present = again.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), nothing());
    assert_eq!(setup.starts(), nothing());

    let changed = setup.release(
        "web",
        &chart,
        json!({ "color": "green", "count": 1000000, "replicas": 2, "none": null }),
    );
    let present = again.observe(&changed).await.unwrap().unwrap();
    let expected = [
        "values.color: \"blue\" -> \"green\"".to_owned(),
        "values.replicas: - -> 2".to_owned(),
        "ConfigMap web data.color: \"blue\" -> \"green\"".to_owned(),
        "Deployment web spec.replicas: 1 -> 2".to_owned(),
    ];
    assert_eq!(shown(&present), expected, "and nothing of what is random");
    assert_eq!(setup.statuses("web"), ["deployed"], "asking has changed nothing");

    let changes = present.differences.unwrap().changes;
    let present = again.update(&changed, &changes).await.unwrap();
    assert_eq!(shown(&present), nothing());
    assert_eq!(setup.field("deployment/web", "{.status.readyReplicas}"), "2");
    assert_eq!(setup.statuses("web"), ["superseded", "deployed"]);

    assert_eq!(again.delete(&changed.id).await.unwrap(), nothing());
    assert_eq!(setup.field("deployment/web", "{.metadata.name}"), "");
    assert_eq!(again.observe(&changed).await.unwrap(), None);
    assert_eq!(again.owned().await.unwrap(), []);
    again.delete(&changed.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_content_of_a_local_chart_is_another_chart() {
    let setup = Setup::new("content").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let release = setup.release("web", &chart, json!({}));
    releases.create(&release).await.unwrap();
    let chart =
        chart.with("templates/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n");
    let present = releases.observe(&release).await.unwrap().unwrap();
    let lines = shown(&present);
    assert!(lines[0].starts_with("chart.content: "), "{lines:?}");
    assert_eq!(lines[1..], ["ConfigMap more: - -> \"new\""]);
    releases.update(&release, &[]).await.unwrap();

    std::fs::remove_file(chart.path().join("templates/more.yaml")).unwrap();
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present)[1..], ["ConfigMap more: \"ConfigMap\" -> -"]);
    releases.update(&release, &[]).await.unwrap();
    assert_eq!(setup.field("configmap/more", "{.metadata.name}"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_nobody_knows_yet_is_said_to_be_unknown() {
    let setup = Setup::new("unknown").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    releases.create(&setup.release("web", &chart, json!({ "color": "blue" }))).await.unwrap();
    let starts = setup.starts().len();
    let release = setup.release("web", &chart, json!({ "color": UNKNOWN_MARK }));
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(shown(&present), ["values.color: \"blue\" -> KnownAfterApply"]);
    assert_eq!(setup.starts().len(), starts);
    let failure = releases.update(&release, &[]).await.unwrap_err();
    assert_eq!(failure.message, "nobody knows yet: vpc.id");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_installed_is_left_alone() {
    let setup = Setup::new("others").await;
    let chart = Chart::web();
    let path = chart.path().display().to_string();
    setup
        .test_bed
        .helm()
        .run("install", &["install", "web", &path, "--namespace", &setup.namespace])
        .unwrap();
    let release = setup.release("web", &chart, json!({}));
    let releases = setup.releases().await;
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(
        present.ownership,
        Ownership::NotOurs("it was installed by someone else with Helm".to_owned())
    );
    assert_eq!(releases.owned().await.unwrap(), []);
    assert!(releases.create(&release).await.is_err());
    let failure = releases.delete(&release.id).await.unwrap_err();
    assert!(failure.message.contains("does not carry the mark of the stack"), "{failure}");

    // Adopted.
    let present = releases.update(&release, &[]).await.unwrap();
    assert_eq!(present.ownership, Ownership::Ours);
    let other = setup.releases_of("another").await;
    let present = other.observe(&release).await.unwrap().unwrap();
    assert_eq!(present.ownership, Ownership::NotOurs(format!("it belongs to the stack `{}`", setup.stack)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_namespace_is_made_and_what_a_chart_wants_kept_is_told() {
    let setup = Setup::on(airflow_eks_testbed::TestBed::connect().unwrap(), "kept").await;
    let kept = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n";
    let chart = Chart::web().with("templates/kept.yaml", kept);
    let releases = setup.releases().await;
    let release = setup.release("web", &chart, json!({}));
    releases.create(&release).await.unwrap();
    assert_eq!(releases.delete(&release.id).await.unwrap(), ["ConfigMap kept"]);
    assert_eq!(setup.field("configmap/kept", "{.metadata.name}"), "kept");
}
