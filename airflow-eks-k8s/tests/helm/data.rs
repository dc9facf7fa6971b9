//! Volumes that a chart brings.

use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, nothing};

const CLAIM: &str = r#"
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: "{{ .Release.Name }}-data"
  annotations: {helm.sh/resource-policy: "{{ .Values.policy }}"}
spec:
  storageClassName: ""
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn volumes_that_go_with_a_release_are_told_before() {
    let setup = Setup::new("data").await;
    let releases = setup.releases().await;
    let chart = Chart::new("files", "1.0.0").with("templates/claim.yaml", CLAIM);
    let release = setup.release("files", &chart, json!({ "policy": "none" }));
    assert_eq!(releases.data(&release.id).await.unwrap(), nothing());
    // Without waiting: nobody makes a volume for it.
    let releases = releases.no_wait();
    releases.create(&release).await.unwrap();
    let claim = format!("PersistentVolumeClaim {}/files-data", setup.namespace);
    let failure = releases.refuse_to_lose_data(&release.id).await.unwrap_err();
    assert_eq!(failure.message, format!("the files in these would go with it: {claim}"));
    assert!(failure.hint.unwrap().contains("--delete-data"));

    releases.update(&setup.release("files", &chart, json!({ "policy": "keep" })), &[]).await.unwrap();
    releases.refuse_to_lose_data(&release.id).await.unwrap();
}
