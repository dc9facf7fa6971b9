//! Runs that were killed.

use std::time::Duration;

use airflow_eks_core::engine::{Failure, Present, Readiness};
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

/// Kills a run a while after its revision is begun, or after the run itself is. Gives whether a revision was left half-way.
async fn killed(
    setup: &Setup,
    name: &str,
    round: u64,
    run: impl Future<Output = Result<Present, Failure>>,
) -> bool {
    let after = Duration::from_millis(20 * round);
    let moment = async {
        if round.is_multiple_of(5) {
            tokio::time::sleep(after * 5).await;
            return;
        }
        while !setup.is_pending(name).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(after).await;
    };
    tokio::select! {
        biased;
        ended = run => drop(ended.unwrap()),
        () = moment => {}
    }
    setup.is_pending(name).await
}

/// Installs and upgrades, each killed at another moment, and then done once more. Every other time something else is wanted by
/// then.
#[tokio::test(flavor = "multi_thread")]
async fn a_helm_that_was_killed_anywhere_is_gone_on_from() {
    let setup = Setup::new("killed").await;
    let chart = chart();
    let mut half_way = 0;
    for round in 0..10_u64 {
        let name = format!("many-{round}");
        let values = |generation: u64| json!({ "generation": generation, "color": format!("c{generation}") });
        let claim = || setup.field(&format!("persistentvolumeclaim/{name}"), "{.metadata.uid}");

        let releases = setup.releases().await;
        let first = setup.release(&name, &chart, values(0));
        half_way += u32::from(killed(&setup, &name, round, releases.create(&first)).await);
        let made = claim();

        let releases = setup.releases().await.no_wait();
        let wanted = setup.release(&name, &chart, values(round % 2));
        let present = match releases.observe(&wanted).await.unwrap() {
            None => releases.create(&wanted).await.unwrap(),
            Some(_) => releases.update(&wanted, &[]).await.unwrap(),
        };
        assert_eq!(shown(&present), nothing());
        assert!(made.is_empty() || made == claim(), "the claim was made anew");
        let made = claim();

        let next = setup.release(&name, &chart, values(2));
        let releases = setup.releases().await;
        half_way += u32::from(killed(&setup, &name, round, releases.update(&next, &[])).await);
        let releases = setup.releases().await.no_wait();
        let last = 2 + round % 2;
        let present = releases.update(&setup.release(&name, &chart, values(last)), &[]).await.unwrap();
        assert_eq!((shown(&present), present.readiness), (nothing(), Readiness::Ready));
        assert_eq!(claim(), made);

        let names = setup.kubectl(&["get", "configmaps", "--namespace", &setup.namespace, "--output=name"]);
        let names: Vec<_> = names.lines().filter(|line| line.contains(&format!("/{name}-"))).collect();
        let is_wanted = |line: &&str| line.contains(&format!("/{name}-{last}-"));
        assert!(
            names.len() == 12 && names.iter().all(is_wanted),
            "something is left of what was interrupted: {names:?}"
        );
    }
    assert!(half_way >= 10, "only {half_way} of 20 were killed in the middle, which tells little");
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
