//! Secrets in values.

use serde_json::json;

use crate::chart::Chart;
use crate::setup::{MARK, PASSWORD, Setup, nothing, shown};

const USES: &str = r#"
apiVersion: v1
kind: Secret
metadata: {name: given}
stringData: {password: {{ .Values.password | quote }}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: given}
data: {url: "postgres://{{ .Values.password }}@host", name: {{ .Values.name | default "a" }} }
{{- if .Values.fails }}{{ fail (printf "no good: %s" .Values.password) }}{{ end }}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_reaches_the_chart_and_nobody_else() {
    let setup = Setup::new("secret").await;
    let releases = setup.releases().await;
    let chart = Chart::new("uses", "1.0.0").with("templates/uses.yaml", USES);
    let release = setup.release("uses", &chart, json!({ "password": MARK }));
    let present = releases.create(&release).await.unwrap();
    assert_eq!(shown(&present), nothing());
    assert_eq!(setup.field("configmap/given", "{.data.url}"), format!("postgres://{PASSWORD}@host"));

    let mut said = format!("{present:?} {releases:?}");
    let plain = setup.release("uses", &chart, json!({ "password": "another", "name": "b" }));
    let present = releases.observe(&plain).await.unwrap().unwrap();
    assert!(
        shown(&present).contains(&"values.password: \"(secret)\" -> \"(secret)\"".to_owned()),
        "{:?}",
        shown(&present)
    );
    releases.update(&plain, &[]).await.unwrap();
    let present = releases.observe(&release).await.unwrap().unwrap();
    assert!(
        shown(&present).iter().any(|line| line.contains("-> \"postgres://(secret)@host\"")),
        "{:?}",
        shown(&present)
    );
    said += &format!("{present:?}");

    let fails = setup.release("uses", &chart, json!({ "password": MARK, "fails": true }));
    let failure = releases.update(&fails, &[]).await.unwrap_err();
    assert!(failure.message.contains("no good: (secret)"), "{failure}");
    said += &format!("{failure:?}{:?}", releases.observe(&fails).await.unwrap());

    assert!(!said.contains(PASSWORD), "{said}");
    let recorded = setup.recorded();
    assert!(recorded.contains("--values=-") && !recorded.contains(PASSWORD), "{recorded}");
}
