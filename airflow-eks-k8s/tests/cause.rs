//! What a person is told about real objects that do not become ready.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the test bed has to fail, loudly")]

mod situation;

use std::time::Duration;

use airflow_eks_k8s::cause::explain;
use kube::Client;
use serde_json::{Value, json};
use situation::{Situation, claim, config, deployment, ingress, job, storage_class};

#[tokio::test]
async fn an_image_that_cannot_be_pulled() {
    let situation = Situation::new("image").await;
    situation.apply(&deployment("web", "broken.invalid/web:1", json!({})));
    let words = ["(and 1 more): container web: ImagePullBackOff", "broken.invalid/web:1", "no such host"];
    let lines = situation.told("Deployment", "web", &words).await;
    assert!(lines[0].starts_with("pod web-"), "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains("no such host")).count(), 1, "{lines:#?}");
}

#[tokio::test]
async fn a_container_that_ends_again_and_again_with_its_last_words() {
    let situation = Situation::new("crash").await;
    let hostile = "\u{1b}[31mno fernet key\u{1b}[0m\u{7}";
    let long = "x".repeat(500);
    situation.apply(&json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", "image": "crash.invalid/web:1", "env": [{"name": "PASSWORD", "value": "hunter2"}]}]},
    }));
    situation.test_bed.set_log(&situation.namespace, "web", &["first", hostile, &long]).unwrap();
    let words =
        ["pod web: container web: CrashLoopBackOff: ended with exit code 1, restarted ", "  | no fernet key"];
    let lines = situation.told("Pod", "web", &words).await;
    assert!(lines.iter().any(|line| *line == format!("  | {}…", "x".repeat(200))), "{lines:#?}");
    let text = lines.join("\n");
    assert!(!text.contains("hunter2") && !text.chars().any(|c| c.is_control() && c != '\n'), "{lines:#?}");
}

#[tokio::test]
async fn a_job_whose_container_failed() {
    let situation = Situation::new("job").await;
    situation.apply(&job(
        "migrate",
        json!({"testbed.airflow-eks/exit-code": "137", "testbed.airflow-eks/message": "no memory"}),
    ));
    let words = [
        "container migrate: ended with exit code 137 (SIGKILL): no memory",
        "  | RuntimeError",
        "BackoffLimitExceeded",
    ];
    let lines = situation.told("Job", "migrate", &words).await;
    assert!(lines[0].starts_with("pod migrate-"), "{lines:#?}");
}

#[tokio::test]
async fn a_quota_that_leaves_no_room() {
    let situation = Situation::new("quota").await;
    situation.apply(&json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}},
    }));
    situation.apply_all(&[deployment("web", "example.invalid/web:1", json!({})), job("migrate", json!({}))]);
    let words = ["FailedCreate", "exceeded quota: small", "pods=0"];
    situation.told("Deployment", "web", &words).await;
    // Until it is said in many ways.
    let refused = |live: &Value| live["status"]["conditions"].to_string().contains("ReplicaFailure");
    while !refused(&situation.live("Deployment", "web").await)
        || situation.kubectl(&["get", "events", "--output=name"]).lines().count() < 5
    {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let lines = situation.told("Deployment", "web", &words).await;
    assert!(lines[0].starts_with("ReplicaSet web-") && lines.len() == 1, "{lines:#?}");
    situation.told("Job", "migrate", &words).await;
}

#[tokio::test]
async fn a_webhook_that_refuses() {
    let situation = Situation::new("webhook").await;
    let name = &situation.namespace;
    situation.apply(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": name},
        "webhooks": [{
            "name": "pods.example.com", "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "clientConfig": {"service": {"name": "missing", "namespace": name}},
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}],
        }],
    }));
    situation.apply(&deployment("web", "example.invalid/web:1", json!({})));
    situation
        .told(
            "Deployment",
            "web",
            &["failed calling webhook \"pods.example.com\"", "service \"missing\" not found"],
        )
        .await;
    situation.kubectl(&["delete", "validatingwebhookconfiguration", name]);
}

#[tokio::test]
async fn a_pod_that_waits_for_its_claim() {
    let situation = Situation::new("claim").await;
    let class = &situation.namespace;
    let mut set = deployment("web", "example.invalid/web:1", json!({}));
    set["spec"]["template"]["spec"]["volumes"] =
        json!([{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]);
    situation.apply_all(&[
        storage_class(class, "nobody.example.com", "Immediate"),
        claim("data", class),
        set,
    ]);
    let words =
        ["cannot be scheduled: ", "PersistentVolumeClaim data: ExternalProvisioning: ", "nobody.example.com"];
    situation.told("Deployment", "web", &words).await;
    situation.told("PersistentVolumeClaim", "data", &["ExternalProvisioning"]).await;
    situation.kubectl(&["delete", "storageclass", class]);
    situation
        .told("PersistentVolumeClaim", "data", &[&format!("storage class {class} does not exist")])
        .await;
}

#[tokio::test]
async fn what_a_kubelet_would_note() {
    let situation = Situation::new("kubelet").await;
    let pod = |name: &str, annotation: &str| {
        json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": {annotation: "true"}},
            "spec": {"containers": [{"name": "web", "image": "example.invalid/web:1"}]},
        })
    };
    situation.apply_all(&[
        pod("mount", "testbed.airflow-eks/ignore"),
        pod("probe", "testbed.airflow-eks/unready"),
    ]);
    let missing = "MountVolume.SetUp failed for volume \"config\" : configmap \"airflow-config\" not found";
    situation.note("Pod", "mount", "FailedMount", missing).await;
    situation
        .told("Pod", "mount", &["Pod mount: FailedMount: ", "configmap \"airflow-config\" not found"])
        .await;
    let probe = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    situation.note("Pod", "probe", "Unhealthy", probe).await;
    let lines = situation
        .told("Pod", "probe", &["container web runs and is not ready", probe, "made up by the test bed"])
        .await;
    assert!(lines[0].contains("is not ready"), "{lines:#?}");
}

#[tokio::test]
async fn a_secret_that_is_missing() {
    let situation = Situation::new("missing").await;
    situation.apply(&deployment(
        "web",
        "example.invalid/web:1",
        json!({"testbed.airflow-eks/ignore": "true"}),
    ));
    let message = "secret \"fernet-key\" not found";
    let status = json!({"status": {"phase": "Pending", "containerStatuses": [{
        "name": "web", "image": "example.invalid/web:1", "imageID": "", "ready": false, "restartCount": 0,
        "state": {"waiting": {"reason": "CreateContainerConfigError", "message": message}},
    }]}});
    situation.told("Deployment", "web", &["pod web-"]).await;
    for pod in situation.kubectl(&["get", "pods", "--output=name"]).lines() {
        situation.kubectl(&[
            "patch",
            pod,
            "--subresource=status",
            "--type=merge",
            "--patch",
            &status.to_string(),
        ]);
    }
    let words = ["(and 1 more): container web: CreateContainerConfigError: secret \"fernet-key\" not found"];
    situation.told("Deployment", "web", &words).await;
}

#[tokio::test]
async fn what_a_controller_says_of_an_ingress() {
    let situation = Situation::new("ingress").await;
    situation.apply(&ingress("web", json!({"testbed.airflow-eks/ignore": "true"})));
    let message = "couldn't auto-discover subnets: unable to resolve at least one subnet";
    situation.note("Ingress", "web", "FailedBuildModel", message).await;
    let lines = situation.told("Ingress", "web", &[message]).await;
    assert_eq!(lines, [format!("Ingress web: FailedBuildModel: {message}")]);
}

#[tokio::test]
async fn without_the_right_to_look_it_says_so() {
    let situation = Situation::new("blind").await;
    situation.apply(&deployment("web", "broken.invalid/web:1", json!({})));
    let mut config = config().await;
    config.auth_info.impersonate = Some("nobody".to_owned());
    let lines = explain(Client::try_from(config).unwrap(), &situation.live("Deployment", "web").await).await;
    let text = lines.join("\n");
    assert!(
        text.contains("its pods cannot be read: ") && text.contains("User \"nobody\" cannot list resource"),
        "{text}"
    );
}
