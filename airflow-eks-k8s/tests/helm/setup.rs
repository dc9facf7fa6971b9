//! A namespace, a stack and a `helm` that keeps what it was started with, for one test.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use airflow_eks_core::engine::{Failure, Present, SecretText, Secrets};
use airflow_eks_core::graph::{ChartSource, GeneratedSecret, HelmRelease, ReleaseId};
use airflow_eks_core::plan::{After, FieldChange};
use airflow_eks_k8s::Access;
use airflow_eks_k8s::helm::{Program, Releases};
use airflow_eks_testbed::{TestBed, unique_namespace};
use futures::future::BoxFuture;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::Value;
use tempfile::TempDir;

use crate::chart::Chart;

pub(crate) const PASSWORD: &str = "hunter2-is-a-secret";
/// What stands in values for the password of the first user.
pub(crate) const MARK: &str = "\u{F0000}airflow/admin-password\u{F0001}";
/// What stands in values for the id of the VPC, which nobody knows here.
pub(crate) const UNKNOWN_MARK: &str = "\u{F0000}vpc.id\u{F0001}";

pub(crate) struct Setup {
    pub(crate) test_bed: TestBed,
    pub(crate) namespace: String,
    pub(crate) stack: String,
    pub(crate) client: kube::Client,
    pub(crate) folder: TempDir,
    helm: PathBuf,
}

/// Knows one secret.
struct OneSecret;

impl Secrets for OneSecret {
    fn text(&self, secret: GeneratedSecret) -> BoxFuture<'_, Result<Option<SecretText>, Failure>> {
        let text = (secret == GeneratedSecret::AdminPassword).then(|| SecretText::new(PASSWORD.to_owned()));
        Box::pin(async move { Ok(text) })
    }
}

impl Setup {
    /// On the test bed that all tests share.
    pub(crate) async fn new(name: &str) -> Self {
        let setup = Self::on(TestBed::connect().unwrap(), name).await;
        setup.kubectl(&["create", "namespace", &setup.namespace]);
        setup
    }

    /// On a test bed; the namespace is not made.
    pub(crate) async fn on(test_bed: TestBed, name: &str) -> Self {
        let kubeconfig = Kubeconfig::read_from(test_bed.kubeconfig_path()).unwrap();
        let config =
            kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
        let namespace = unique_namespace(&format!("helm-{name}"));
        let folder = tempfile::tempdir().unwrap();
        let named = std::env::var_os("AIRFLOW_EKS_HELM").map(PathBuf::from);
        let helm = named.unwrap_or_else(|| test_bed.helm().path().to_owned());
        let client = kube::Client::try_from(config).unwrap();
        Self { stack: namespace.clone(), test_bed, namespace, client, folder, helm }
    }

    /// The releases of the stack, as a run of the program has them.
    pub(crate) async fn releases(&self) -> Releases {
        self.releases_of(&self.stack).await
    }

    pub(crate) async fn releases_of(&self, stack: &str) -> Releases {
        let access =
            Access::Kubeconfig { file: Some(self.test_bed.kubeconfig_path().to_owned()), context: None };
        let program = Program::at(self.recording_helm()).await.unwrap();
        // What was asked for its version is not what tests count.
        fs::write(self.log(), "").unwrap();
        Releases::new(self.client.clone(), program, access, stack, Arc::new(OneSecret))
            .waiting(Duration::from_secs(60))
    }

    /// A script that writes down what it is started with, and becomes `helm`.
    fn recording_helm(&self) -> PathBuf {
        let script = self.folder.path().join("helm");
        if !script.exists() {
            let text = format!(
                "#!/bin/sh\nprintf '%s\\n' \"$*\" >>'{}'\nenv >>'{}'\nexec '{}' \"$@\"\n",
                self.log().display(),
                self.folder.path().join("environment").display(),
                self.helm.display()
            );
            fs::write(&script, text).unwrap();
            fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        }
        script
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("arguments")
    }

    /// What `helm` was started with since the releases were made, one line each.
    pub(crate) fn starts(&self) -> Vec<String> {
        fs::read_to_string(self.log()).unwrap().lines().map(str::to_owned).collect()
    }

    /// Every argument list and environment that `helm` was started with.
    pub(crate) fn recorded(&self) -> String {
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        read(&self.log()) + &read(&self.folder.path().join("environment"))
    }

    pub(crate) fn release(&self, name: &str, chart: &Chart, values: Value) -> HelmRelease {
        self.release_from(name, ChartSource::Path(chart.path().display().to_string()), None, values)
    }

    pub(crate) fn release_from(
        &self,
        name: &str,
        source: ChartSource,
        version: Option<&str>,
        values: Value,
    ) -> HelmRelease {
        let chart = airflow_eks_core::graph::Chart { source, version: version.map(str::to_owned) };
        HelmRelease::new(ReleaseId::new(&self.namespace, name), chart, values)
    }

    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        self.test_bed.kubectl().run(&arguments.join(" "), arguments).unwrap().trim().to_owned()
    }

    /// A field of an object in the namespace; empty where it is not there.
    pub(crate) fn field(&self, object: &str, path: &str) -> String {
        let output = format!("--output=jsonpath={path}");
        self.kubectl(&["get", object, "--namespace", &self.namespace, "--ignore-not-found", &output])
    }

    /// Whether a revision of a release is pending. Quicker than a program that is started.
    pub(crate) async fn is_pending(&self, release: &str) -> bool {
        let api: kube::Api<k8s_openapi::api::core::v1::Secret> =
            kube::Api::namespaced(self.client.clone(), &self.namespace);
        let selector = format!("owner=helm,name={release}");
        let secrets = api.list_metadata(&kube::api::ListParams::default().labels(&selector)).await.unwrap();
        let status = |labels: &BTreeMap<String, String>| labels["status"].starts_with("pending-");
        secrets.items.iter().any(|secret| secret.metadata.labels.as_ref().is_some_and(status))
    }

    /// The status of each revision of a release, the newest last.
    pub(crate) fn statuses(&self, release: &str) -> Vec<String> {
        let selector = format!("--selector=owner=helm,name={release}");
        let output = "--output=jsonpath={range .items[*]}{.metadata.labels.version} {.metadata.labels.status}{\"\\n\"}{end}";
        let text = self.kubectl(&["get", "secrets", "--namespace", &self.namespace, &selector, output]);
        let revisions: BTreeMap<u32, String> = text
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(revision, status)| (revision.parse().unwrap(), status.to_owned()))
            .collect();
        revisions.into_values().collect()
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        let _ = self
            .test_bed
            .kubectl()
            .command()
            .args(["delete", "namespace", "--wait=false", "--ignore-not-found", &self.namespace])
            .output();
    }
}

/// What a plan would show of a release, one line a field.
pub(crate) fn shown(present: &Present) -> Vec<String> {
    present.differences.as_ref().unwrap().changes.iter().map(line).collect()
}

fn line(change: &FieldChange) -> String {
    let before = change.before.as_ref().map_or_else(|| "-".to_owned(), Value::to_string);
    let after = match &change.after {
        After::Known(value) => value.to_string(),
        After::Absent => "-".to_owned(),
        other => format!("{other:?}"),
    };
    let by = change.changed_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    format!("{}: {before} -> {after}{by}", change.path)
}

pub(crate) fn nothing() -> Vec<String> {
    Vec::new()
}
