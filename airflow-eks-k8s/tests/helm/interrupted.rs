//! Runs that were killed.

use std::time::Duration;

use airflow_eks_core::engine::Readiness;
use serde_json::json;

use crate::chart::Chart;
use crate::setup::{Setup, nothing, shown};

const MANY: &str = r#"
{{- range $i := until 12 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ $.Release.Name }}-{{ $.Values.generation }}-{{ $i }}"}
data: {color: {{ $.Values.color | quote }}}
{{- end }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: "{{ $.Release.Name }}"}
spec:
  storageClassName: none
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
"#;

fn chart() -> Chart {
    Chart::new("many", "1.0.0")
        .with("values.yaml", "generation: 0\ncolor: red\n")
        .with("templates/many.yaml", MANY)
}

/// Installs and upgrades, each killed at another moment of what takes `helm` about half a second, and then done once more. Every
/// other time something else is wanted by then.
#[tokio::test(flavor = "multi_thread")]
async fn a_helm_that_was_killed_anywhere_is_gone_on_from() {
    let setup = Setup::new("killed").await;
    let chart = chart();
    let mut found = Vec::new();
    for round in 0..10_u64 {
        let name = format!("many-{round}");
        let moment = Duration::from_millis(150 + 70 * round);
        let values = |generation: u64| json!({ "generation": generation, "color": format!("c{generation}") });

        let releases = setup.releases().await.no_wait();
        let first = setup.release(&name, &chart, values(0));
        let cut = tokio::time::timeout(moment, releases.create(&first)).await;
        found.push(format!("install {:?} {}", cut.is_ok(), setup.statuses(&name).join(" ")));
        let claim = setup.field(&format!("persistentvolumeclaim/{name}"), "{.metadata.uid}");

        let releases = setup.releases().await.no_wait();
        let wanted = setup.release(&name, &chart, values(round % 2));
        let present = match releases.observe(&wanted).await.unwrap() {
            None => releases.create(&wanted).await.unwrap(),
            Some(_) => releases.update(&wanted, &[]).await.unwrap(),
        };
        assert_eq!(shown(&present), nothing());
        let claim_now = setup.field(&format!("persistentvolumeclaim/{name}"), "{.metadata.uid}");
        assert!(claim.is_empty() || claim == claim_now, "the claim was made anew");

        let next = setup.release(&name, &chart, values(2));
        let cut = tokio::time::timeout(moment, releases.update(&next, &[])).await;
        found.push(format!("upgrade {:?} {}", cut.is_ok(), setup.statuses(&name).join(" ")));
        let releases = setup.releases().await.no_wait();
        let wanted = setup.release(&name, &chart, values(2 + round % 2));
        let present = releases.update(&wanted, &[]).await.unwrap();
        assert_eq!((shown(&present), present.readiness), (nothing(), Readiness::Ready));
        assert_eq!(setup.field(&format!("persistentvolumeclaim/{name}"), "{.metadata.uid}"), claim_now);

        let names = setup.kubectl(&["get", "configmaps", "--namespace", &setup.namespace, "--output=name"]);
        let of_release = |line: &&str| line.contains(&format!("/{name}-"));
        let left: Vec<_> = names
            .lines()
            .filter(of_release)
            .filter(|line| !line.contains(&format!("{name}-{}-", 2 + round % 2)))
            .collect();
        assert_eq!(left, Vec::<&str>::new(), "nothing is left of what was interrupted");
        assert_eq!(names.lines().filter(of_release).count(), 12);
    }
    let interrupted = found.iter().filter(|line| line.contains("pending-")).count();
    assert!(interrupted >= 4, "too few were killed in the middle to tell anything: {found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uninstall_that_was_killed_is_finished() {
    let setup = Setup::new("uninstall").await;
    let chart = chart();
    for round in 0..4_u64 {
        let releases = setup.releases().await.no_wait();
        let release = setup.release("many", &chart, json!({}));
        releases.create(&release).await.unwrap();
        let _ = tokio::time::timeout(Duration::from_millis(100 + 100 * round), releases.delete(&release.id))
            .await;
        let releases = setup.releases().await.no_wait();
        if round % 2 == 0 {
            releases.delete(&release.id).await.unwrap();
            assert_eq!(releases.observe(&release).await.unwrap(), None);
        } else {
            let present = match releases.observe(&release).await.unwrap() {
                None => releases.create(&release).await.unwrap(),
                Some(_) => releases.update(&release, &[]).await.unwrap(),
            };
            assert_eq!(shown(&present), nothing());
            releases.delete(&release.id).await.unwrap();
        }
    }
}

/// What keeps a `helm` of somebody else at work: a hook that never ends.
const ENDLESS: &str = r#"
apiVersion: batch/v1
kind: Job
metadata: {name: endless, annotations: {helm.sh/hook: pre-upgrade}}
spec:
  template:
    metadata: {annotations: {testbed.airflow-eks/ignore: "true"}}
    spec: {restartPolicy: Never, containers: [{name: endless, image: example.invalid/endless:1}]}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn another_helm_at_work_is_waited_for_and_never_cut_off() {
    let setup = Setup::new("other").await;
    let releases = setup.releases().await.no_wait();
    let chart = chart();
    let release = setup.release("many", &chart, json!({}));
    releases.create(&release).await.unwrap();
    let other = self::chart().with("templates/endless.yaml", ENDLESS);
    let mut helm = setup.test_bed.helm().command();
    let path = other.path().display().to_string();
    let mut helm = helm.args(["upgrade", "many", &path, "--namespace", &setup.namespace]).spawn().unwrap();
    while setup.statuses("many").len() < 2 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let present = releases.observe(&release).await.unwrap().unwrap();
    assert_eq!(
        present.readiness,
        Readiness::InProgress("another helm is at work on revision 2 (pending-upgrade)".to_owned())
    );
    let impatient = setup.releases().await.waiting(Duration::from_secs(3));
    let failure = impatient.update(&release, &[]).await.unwrap_err();
    assert_eq!(failure.message, "another helm is at work on revision 2");
    assert_eq!(setup.statuses("many"), ["deployed", "pending-upgrade"]);

    // It ends in order: helm says so in the release itself.
    std::process::Command::new("kill").args(["-TERM", &helm.id().to_string()]).status().unwrap();
    helm.wait().unwrap();
    let present = releases.wait(&release).await.unwrap();
    assert_eq!((shown(&present), present.readiness), (nothing(), Readiness::Ready));
}
