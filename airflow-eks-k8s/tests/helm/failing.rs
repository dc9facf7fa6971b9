//! Upgrades and installs that fail.

use airflow_eks_core::engine::Readiness;
use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, nothing, shown};

const HOOK: &str = r#"
apiVersion: batch/v1
kind: Job
metadata:
  name: "{{ .Release.Name }}-check"
  annotations:
    helm.sh/hook: post-install,post-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {testbed.airflow-eks/exit-code: {{ .Values.exitCode | default 0 | quote }}}}
    spec:
      restartPolicy: Never
      containers: [{name: check, image: example.invalid/check:1}]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_whose_hook_fails_is_rolled_back() {
    let setup = Setup::new("hook").await;
    let releases = setup.releases().await;
    let chart = Chart::web().with("templates/hook.yaml", HOOK);
    let good = setup.release("web", &chart, json!({ "color": "blue" }));
    releases.create(&good).await.unwrap();
    let bad = setup.release("web", &chart, json!({ "color": "green", "exitCode": 3 }));
    let failure = releases.update(&bad, &[]).await.unwrap_err();
    assert_eq!(failure.resource, format!("HelmRelease {}/web", setup.namespace));
    assert_eq!(failure.operation, "helm upgrade --install");
    assert!(failure.message.contains("post-upgrade hooks failed"), "{failure}");
    let job = failure.message.lines().find(|line| line.starts_with("Job web-check: "));
    assert!(job.is_some() && failure.message.contains('3'), "{failure}: which job, and how it ended");
    assert_eq!(failure.hint.unwrap(), "it was rolled back to what it was before, revision 1");
    assert_eq!(setup.field("configmap/web", "{.data.color}"), "blue");
    assert_eq!(setup.statuses("web"), ["superseded", "failed", "deployed"]);
    assert_eq!(shown(&releases.observe(&good).await.unwrap().unwrap()), nothing());
}

/// Helm's own rollback stumbles over this.
#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_has_renamed_objects_is_rolled_back_without_leftovers() {
    let setup = Setup::new("renamed").await;
    let releases = setup.releases().await;
    let named = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"named-{{ .Values.color }}\"}\n";
    let chart = Chart::web().with("templates/hook.yaml", HOOK).with("templates/named.yaml", named);
    let good = setup.release("web", &chart, json!({ "color": "blue" }));
    releases.create(&good).await.unwrap();
    let bad = setup.release("web", &chart, json!({ "color": "green", "exitCode": 3 }));
    let failure = releases.update(&bad, &[]).await.unwrap_err();
    assert_eq!(failure.hint.unwrap(), "it was rolled back to what it was before, revision 1");
    assert_eq!(setup.field("configmap/named-blue", "{.metadata.name}"), "named-blue");
    assert_eq!(setup.field("configmap/named-green", "{.metadata.name}"), "");
    assert_eq!(shown(&releases.observe(&good).await.unwrap().unwrap()), nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_would_refuse_is_told_before_and_rolled_back_after() {
    let setup = Setup::new("refused").await;
    let releases = setup.releases().await;
    let chart = Chart::web();
    let good = setup.release("web", &chart, json!({}));
    releases.create(&good).await.unwrap();
    let bad = setup.release("web", &chart, json!({ "color": "green", "replicas": -1 }));
    let present = releases.observe(&bad).await.unwrap().unwrap();
    let refused = present.differences.unwrap().refused.unwrap();
    assert!(refused.starts_with("Deployment web: ") && refused.contains("spec.replicas"), "{refused}");
    let failure = releases.update(&bad, &[]).await.unwrap_err();
    assert!(failure.message.contains("spec.replicas"), "{failure}");
    assert_eq!(failure.hint.unwrap(), "it was rolled back to what it was before, revision 1");
    assert_eq!(shown(&releases.observe(&good).await.unwrap().unwrap()), nothing());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_install_that_is_not_ready_in_time_says_why() {
    let setup = Setup::new("unready").await;
    let releases = setup.releases().await.waiting(std::time::Duration::from_secs(10));
    let chart = Chart::web();
    let text = std::fs::read_to_string(chart.path().join("templates/deployment.yaml")).unwrap();
    let chart = chart.with("templates/deployment.yaml", &text.replace("cpu: 1000m", "cpu: 10000"));
    let failure = releases.create(&setup.release("web", &chart, json!({}))).await.unwrap_err();
    assert!(
        failure.message.contains("Deployment web: ") && failure.message.contains("Insufficient cpu"),
        "{failure}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_the_chart_refuses_are_told_before() {
    let setup = Setup::new("schema").await;
    let releases = setup.releases().await;
    let schema = r#"{ "type": "object", "properties": { "color": { "enum": ["red", "blue"] } } }"#;
    let chart = Chart::web().with("values.schema.json", schema);
    releases.create(&setup.release("web", &chart, json!({}))).await.unwrap();
    let bad = setup.release("web", &chart, json!({ "color": "mauve" }));
    let refused = releases.observe(&bad).await.unwrap().unwrap().differences.unwrap().refused.unwrap();
    assert!(refused.contains("schema") && refused.contains("color"), "{refused}");
    let failure = releases.update(&bad, &[]).await.unwrap_err();
    assert_eq!(failure.hint, None, "{failure}: nothing was changed, so nothing was rolled back");
    assert_eq!(setup.statuses("web"), ["deployed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_install_that_fails_is_gone_on_from() {
    let setup = Setup::new("first").await;
    let releases = setup.releases().await;
    let chart = Chart::web().with("templates/hook.yaml", HOOK);
    let bad = setup.release("web", &chart, json!({ "exitCode": 3 }));
    let failure = releases.create(&bad).await.unwrap_err();
    assert!(failure.hint.unwrap().contains("another run goes on from there"));
    assert_eq!(setup.statuses("web"), ["failed"]);

    let present = releases.observe(&bad).await.unwrap().unwrap();
    assert_eq!(shown(&present), ["status: \"failed\" -> \"deployed\""]);
    assert_eq!(present.readiness, Readiness::Failed("its revision 1 is `failed`".to_owned()));

    let uid = setup.field("deployment/web", "{.metadata.uid}");
    let good = setup.release("web", &chart, json!({}));
    let present = releases.update(&good, &[]).await.unwrap();
    assert_eq!(shown(&present), nothing());
    assert_eq!(setup.field("deployment/web", "{.metadata.uid}"), uid, "nothing was made anew");
}
