//! Waiting for objects of the real API server, whose controllers run and whose nodes are played.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

mod interrupted;
#[expect(dead_code, reason = "the other test files use the rest")]
mod situation;

use std::time::{Duration, Instant};

use airflow_eks_core::engine::Readiness;
use airflow_eks_k8s::readiness::{NotReady, Waits, of, wait};
use airflow_eks_testbed::{FreshOptions, TestBed};
use futures::future::join_all;
use interrupted::Line;
use kube::{
    Api, Client,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use situation::{Situation, claim, config, config_of, deployment, ingress, job, resource, storage_class};

async fn waited(
    situation: &Situation,
    waits: &Waits,
    kind: &str,
    name: &str,
    seconds: u64,
) -> Result<Value, NotReady> {
    let deadline = Some(Duration::from_secs(seconds));
    waits.wait(&resource(kind), Some(&situation.namespace), name, deadline).await
}

#[tokio::test]
async fn a_deployment_is_ready_once_its_pods_are() {
    let situation = Situation::new("ready").await;
    situation.apply(&deployment(
        "web",
        "example.invalid/web:1",
        json!({"testbed.airflow-eks/ready-after": "1s"}),
    ));
    assert!(matches!(of(&situation.live("Deployment", "web").await), Readiness::InProgress(_)));
    let namespace = Some(situation.namespace.as_str());
    let live = wait(situation.client.clone(), &resource("Deployment"), namespace, "web", None).await.unwrap();
    assert_eq!((&live["status"]["availableReplicas"], of(&live)), (&json!(2), Readiness::Ready));
}

#[tokio::test]
async fn a_change_is_waited_for_although_the_old_version_was_ready() {
    let situation = Situation::new("change").await;
    let waits = Waits::new(situation.client.clone());
    situation.apply(&deployment("web", "example.invalid/web:1", json!({})));
    waited(&situation, &waits, "Deployment", "web", 60).await.unwrap();
    situation.apply(&deployment(
        "web",
        "example.invalid/web:2",
        json!({"testbed.airflow-eks/ready-after": "1s"}),
    ));
    let live = waited(&situation, &waits, "Deployment", "web", 60).await.unwrap();
    assert_eq!(live["status"]["observedGeneration"], live["metadata"]["generation"]);
    assert_eq!((&live["status"]["updatedReplicas"], &live["status"]["replicas"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_ends_the_wait_early() {
    let situation = Situation::new("image").await;
    let waits = Waits::new(situation.client.clone()).patience(Duration::from_secs(2));
    situation.apply(&deployment("web", "broken.invalid/web:1", json!({})));
    let begun = Instant::now();
    let end = waited(&situation, &waits, "Deployment", "web", 300).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(
        !end.timed_out
            && end.reason.contains("container web cannot start: ")
            && end.reason.contains("broken.invalid/web:1"),
        "{end}"
    );
    assert!(end.cause[0].contains("ImagePull"), "{end}");
}

#[tokio::test]
async fn an_image_without_a_possible_name_ends_the_wait_of_a_pod_at_once() {
    let situation = Situation::new("name").await;
    situation.apply(&json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web", "annotations": {"testbed.airflow-eks/ignore": "true"}},
        "spec": {"containers": [{"name": "web", "image": "example.invalid/UPPER"}]},
    }));
    let status = json!({"status": {"phase": "Pending", "containerStatuses": [{
        "name": "web", "image": "example.invalid/UPPER", "imageID": "", "ready": false, "restartCount": 0,
        "state": {"waiting": {"reason": "InvalidImageName", "message": "repository name must be lowercase"}},
    }]}});
    situation.kubectl(&[
        "patch",
        "pod",
        "web",
        "--subresource=status",
        "--type=merge",
        "--patch",
        &status.to_string(),
    ]);
    let waits = Waits::new(situation.client.clone());
    let begun = Instant::now();
    let end = waited(&situation, &waits, "Pod", "web", 300).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert!(
        !end.timed_out && end.reason.contains("InvalidImageName: repository name must be lowercase"),
        "{end}"
    );
}

#[tokio::test]
async fn a_job_that_failed_ends_the_wait_at_once_and_one_that_is_done_is_ready() {
    let situation = Situation::new("job").await;
    let waits = Waits::new(situation.client.clone());
    situation.apply(&job(
        "bad",
        json!({"testbed.airflow-eks/exit-code": "3", "testbed.airflow-eks/message": "no database"}),
    ));
    situation.apply(&job("good", json!({})));
    let begun = Instant::now();
    let end = waited(&situation, &waits, "Job", "bad", 300).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(!end.timed_out && end.reason.contains("BackoffLimitExceeded"), "{end}");
    assert!(end.cause[0].contains("container migrate: ended with exit code 3: no database"), "{end}");
    waited(&situation, &waits, "Job", "good", 60).await.unwrap();
}

#[tokio::test]
async fn what_fits_nowhere_is_waited_for_until_the_time_is_up() {
    let situation = Situation::new("large").await;
    let waits = Waits::new(situation.client.clone());
    let mut large = deployment("web", "example.invalid/web:1", json!({}));
    large["spec"]["template"]["spec"]["containers"][0]["resources"] = json!({"requests": {"cpu": "10000"}});
    situation.apply(&large);
    let begun = Instant::now();
    let end = waited(&situation, &waits, "Deployment", "web", 3).await.unwrap_err();
    let time = begun.elapsed();
    assert!((Duration::from_secs(3)..Duration::from_secs(19)).contains(&time), "{time:?}");
    assert!(
        end.timed_out && end.reason.starts_with("not ready after 3 s: 0 of 2 pods are available"),
        "{end}"
    );
    assert!(
        end.cause[0].contains("(and 1 more): cannot be scheduled: ")
            && end.cause[0].contains("Insufficient cpu"),
        "{end}"
    );
}

#[tokio::test]
async fn claims_wait_for_their_volume_or_for_their_pod_as_their_class_says() {
    let situation = Situation::new("claims").await;
    let waits = Waits::new(situation.client.clone());
    let [now, later] = ["now", "later"].map(|mode| format!("{}-{mode}", situation.namespace));
    situation.apply_all(&[
        storage_class(&now, "efs.csi.aws.com", "Immediate"),
        storage_class(&later, "ebs.csi.aws.com", "WaitForFirstConsumer"),
        claim("now", &now),
        claim("later", &later),
        claim("never", &format!("{now}-missing")),
    ]);
    let bound = waited(&situation, &waits, "PersistentVolumeClaim", "now", 60).await.unwrap();
    assert_eq!(bound["status"]["phase"], "Bound");
    let pending = waited(&situation, &waits, "PersistentVolumeClaim", "later", 60).await.unwrap();
    assert_eq!(pending["status"]["phase"], "Pending");
    let end = waited(&situation, &waits, "PersistentVolumeClaim", "never", 1).await.unwrap_err();
    assert!(
        end.timed_out && end.reason.contains("its storage class") && end.reason.contains("does not exist"),
        "{end}"
    );
    situation.kubectl(&["delete", "storageclass", &now, &later]);
}

#[tokio::test]
async fn what_is_deleted_or_was_never_there_is_not_waited_for() {
    let situation = Situation::new("deleted").await;
    let waits = Waits::new(situation.client.clone());
    situation.apply(&ingress("web", json!({"testbed.airflow-eks/ignore": "true"})));
    let deleted = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        situation.kubectl(&["delete", "ingress", "web"]);
    };
    let (end, ()) = tokio::join!(waited(&situation, &waits, "Ingress", "web", 300), deleted);
    assert_eq!(end.unwrap_err().reason, "it was deleted while it was waited for");
    assert_eq!(
        waited(&situation, &waits, "Ingress", "web", 300).await.unwrap_err().reason,
        "it does not exist"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_waits_share_one_watch() {
    const COUNT: usize = 150;
    let situation = Situation::new("many").await;
    let waits = Waits::new(situation.client.clone());
    let names: Vec<_> = (0..COUNT).map(|number| format!("web-{number}")).collect();
    let ignored: Vec<_> =
        names.iter().map(|name| balancer(name, json!({"testbed.airflow-eks/ignore": "true"}))).collect();
    situation.apply_all(&ignored);
    let before = watches(&situation).await;
    let waiting = join_all(names.iter().map(|name| waited(&situation, &waits, "Service", name, 120)));
    let then = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let during = watches(&situation).await;
        let awake: Vec<_> = names.iter().map(|name| balancer(name, json!({}))).collect();
        situation.apply_all(&awake);
        during - before
    };
    let (ready, more) = tokio::join!(waiting, then);
    assert!(ready.iter().all(Result::is_ok), "{:?}", ready.iter().find(|end| end.is_err()));
    assert_eq!(more, 1);
    drop(waits);
}

fn balancer(name: &str, annotations: Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "annotations": annotations},
        "spec": {"type": "LoadBalancer", "allocateLoadBalancerNodePorts": false, "ports": [{"port": 80}]},
    })
}

/// How many watches over the Services of one namespace there are: no other test waits for such.
async fn watches(situation: &Situation) -> i64 {
    let request = http::Request::get("/metrics").body(Vec::new()).unwrap();
    let metrics = situation.client.request_text(request).await.unwrap();
    let ours = metrics.lines().filter(|line| {
        let parts = [
            "apiserver_longrunning_requests{",
            "resource=\"services\"",
            "scope=\"namespace\"",
            "verb=\"WATCH\"",
        ];
        parts.iter().all(|part| line.contains(part))
    });
    ours.filter_map(|line| line.rsplit(' ').next()?.parse::<i64>().ok()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_for_a_while_is_waited_for() {
    let situation = Situation::new("away").await;
    let mut config = config().await;
    let line = Line::to(&config.cluster_url).await;
    config.cluster_url = line.url.clone();
    let waits = Waits::new(Client::try_from(config).unwrap());
    situation.apply(&ingress("web", json!({"testbed.airflow-eks/ignore": "true"})));
    situation.apply(&ingress("other", json!({"testbed.airflow-eks/ignore": "true"})));
    let outage = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        line.cut();
        // What happens in the meantime must be seen afterwards.
        situation.apply(&ingress("web", json!({})));
        situation.kubectl(&["delete", "ingress", "other"]);
        tokio::time::sleep(Duration::from_secs(3)).await;
        line.mend();
    };
    let web = waited(&situation, &waits, "Ingress", "web", 60);
    let other = waited(&situation, &waits, "Ingress", "other", 60);
    let begun = Instant::now();
    let (web, other, ()) = tokio::join!(web, other, outage);
    web.unwrap();
    assert!(other.unwrap_err().reason.contains("deleted"));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// A server that has crashed knows no old versions, so everything is listed anew.
#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_a_server_crashes_is_seen_afterwards() {
    let test_bed = TestBed::fresh(FreshOptions::default()).unwrap();
    let mut config = config_of(&test_bed).await;
    let deployments =
        Api::default_namespaced_with(Client::try_from(config.clone()).unwrap(), &resource("Deployment"));
    for name in ["web", "other"] {
        let made = serde_json::from_value(deployment(name, "example.invalid/web:1", json!({}))).unwrap();
        deployments.create(&PostParams::default(), &made).await.unwrap();
    }
    let line = Line::to(&config.cluster_url).await;
    config.cluster_url = line.url.clone();
    let waits = Waits::new(Client::try_from(config).unwrap());
    let kind = resource("Deployment");
    let wait = |name| waits.wait(&kind, Some("default"), name, Some(Duration::from_secs(25)));
    let crash = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        line.cut();
        tokio::task::block_in_place(|| test_bed.restart_api_server().unwrap());
        // There are no nodes, so nothing becomes ready.
        let change = json!({"metadata": {"labels": {"changed": "yes"}}, "spec": {"replicas": 3}});
        let _: DynamicObject =
            deployments.patch("web", &PatchParams::default(), &Patch::Merge(change)).await.unwrap();
        deployments.delete("other", &DeleteParams::default()).await.unwrap();
        line.mend();
    };
    let (web, other, ()) = tokio::join!(wait("web"), wait("other"), crash);
    let (web, other) = (web.unwrap_err(), other.unwrap_err());
    assert!(web.timed_out && web.reason.contains("0 of 3 pods are available"), "{web}");
    assert_eq!(other.reason, "it was deleted while it was waited for");
}

#[tokio::test]
async fn without_the_right_to_read_it_says_so() {
    let situation = Situation::new("forbidden").await;
    situation.apply(&deployment("web", "example.invalid/web:1", json!({})));
    let mut config = config().await;
    config.auth_info.impersonate = Some("nobody".to_owned());
    let waits = Waits::new(Client::try_from(config).unwrap());
    let begun = Instant::now();
    let end = waited(&situation, &waits, "Deployment", "web", 300).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert!(!end.timed_out && end.reason.contains("User \"nobody\" cannot get resource"), "{end}");
}
