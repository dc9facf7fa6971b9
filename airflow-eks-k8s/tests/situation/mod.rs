//! A namespace of the real API server in which something is wrong, or soon well.

use std::{
    io::Write as _,
    process::Stdio,
    time::{Duration, Instant},
};

use airflow_eks_testbed::{Kubectl, TestBed, unique_namespace};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DynamicObject},
    config::{KubeConfigOptions, Kubeconfig},
    core::GroupVersionKind,
};
use serde_json::{Value, json};

/// A namespace that goes with the value.
pub(crate) struct Situation {
    pub(crate) test_bed: TestBed,
    pub(crate) client: Client,
    pub(crate) namespace: String,
    kubectl: Kubectl,
}

/// How a client gets at the test bed.
pub(crate) async fn config() -> Config {
    config_of(&TestBed::connect().unwrap()).await
}

/// How a client gets at some test bed.
pub(crate) async fn config_of(test_bed: &TestBed) -> Config {
    let kubeconfig = Kubeconfig::read_from(test_bed.kubeconfig_path()).unwrap();
    Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap()
}

impl Situation {
    pub(crate) async fn new(prefix: &str) -> Self {
        let test_bed = TestBed::connect().unwrap();
        let kubectl = test_bed.kubectl().clone();
        let namespace = unique_namespace(prefix);
        kubectl.create_namespace(&namespace).unwrap();
        let client = Client::try_from(config().await).unwrap();
        Self { test_bed, client, namespace, kubectl }
    }

    /// Strict server-side apply.
    #[track_caller]
    pub(crate) fn apply(&self, manifest: &Value) {
        let mut command = self.kubectl.command();
        let namespace = format!("--namespace={}", self.namespace);
        command.args(["apply", "--server-side", "--validate=strict", &namespace, "--filename=-"]);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        child.stdin.take().unwrap().write_all(manifest.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Several at once.
    #[track_caller]
    pub(crate) fn apply_all(&self, manifests: &[Value]) {
        self.apply(&json!({"apiVersion": "v1", "kind": "List", "items": manifests}));
    }

    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        let arguments = [&["--namespace", &self.namespace], arguments].concat();
        self.kubectl.run("do as the test says", &arguments).unwrap()
    }

    /// An object as it is.
    pub(crate) async fn live(&self, kind: &str, name: &str) -> Value {
        let objects: Api<DynamicObject> =
            Api::namespaced_with(self.client.clone(), &self.namespace, &resource(kind));
        serde_json::to_value(objects.get(name).await.unwrap()).unwrap()
    }

    /// Waits until what explains an object holds all of some words, and gives it.
    pub(crate) async fn told(&self, kind: &str, name: &str, words: &[&str]) -> Vec<String> {
        let deadline = Instant::now() + Duration::from_secs(40);
        loop {
            let live = self.live(kind, name).await;
            let asked = Instant::now();
            let lines = airflow_eks_k8s::cause::explain(self.client.clone(), &live).await;
            assert!(asked.elapsed() < Duration::from_secs(16), "{:?}", asked.elapsed());
            assert!(lines.len() <= 25, "{lines:#?}");
            let text = lines.join("\n");
            let missing: Vec<_> = words.iter().filter(|word| !text.contains(**word)).collect();
            if missing.is_empty() {
                return lines;
            }
            assert!(Instant::now() < deadline, "without {missing:?}:\n{text}\n{live:#}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Notes an event about an object, as a kubelet or a controller would.
    pub(crate) async fn note(&self, kind: &str, name: &str, reason: &str, message: &str) {
        let about = self.live(kind, name).await;
        let event = json!({
            "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": reason, "message": message,
            "metadata": {"name": format!("{name}.{}", reason.to_lowercase()), "namespace": self.namespace},
            "involvedObject": {"apiVersion": about["apiVersion"], "kind": about["kind"], "name": name,
                "namespace": self.namespace, "uid": about["metadata"]["uid"]},
            "count": 1, "firstTimestamp": "2026-11-21T10:00:00Z", "lastTimestamp": "2026-11-21T10:00:00Z",
        });
        self.apply(&event);
    }
}

impl Drop for Situation {
    fn drop(&mut self) {
        // A failed deletion leaves a namespace that no other test uses.
        let _ = self
            .kubectl
            .run("delete the namespace", &["delete", "namespace", &self.namespace, "--wait=false"]);
    }
}

/// A kind of which there is one version.
pub(crate) fn resource(kind: &str) -> ApiResource {
    let group = match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" => "apps",
        "Job" => "batch",
        "Ingress" => "networking.k8s.io",
        _ => "",
    };
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, "v1", kind))
}

/// A Deployment of one container.
pub(crate) fn deployment(name: &str, image: &str, annotations: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}, "annotations": annotations},
                "spec": {"containers": [{"name": "web", "image": image, "env": [{"name": "PASSWORD", "value": "hunter2"}]}]},
            },
        },
    })
}

/// A Job that runs once.
pub(crate) fn job(name: &str, annotations: Value) -> Value {
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name},
        "spec": {"backoffLimit": 0, "template": {
            "metadata": {"annotations": annotations},
            "spec": {"restartPolicy": "Never", "containers": [{"name": "migrate", "image": "example.invalid/job:1"}]},
        }},
    })
}

/// A claim on a volume of a class.
pub(crate) fn claim(name: &str, class: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
        "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    })
}

/// A storage class.
pub(crate) fn storage_class(name: &str, provisioner: &str, mode: &str) -> Value {
    json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name},
        "provisioner": provisioner, "volumeBindingMode": mode,
    })
}

/// An Ingress for the load balancer controller.
pub(crate) fn ingress(name: &str, annotations: Value) -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name, "annotations": annotations},
        "spec": {"ingressClassName": "alb", "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
    })
}
