//! A cluster, and the program run on a stack in it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use airflow_eks_testbed::{FreshTestBed, TestBed, unique_namespace};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::ran::Ran;

/// A stack of its own, in a folder of its own.
pub(crate) struct Place {
    pub(crate) bed: TestBed,
    pub(crate) name: String,
    folder: TempDir,
    options: Vec<String>,
    is_shared: bool,
    said: Mutex<Said>,
}

/// What the program has said so far, and what it must never say.
#[derive(Default)]
struct Said {
    text: String,
    secrets: BTreeSet<String>,
}

impl Place {
    /// On the test bed that all tests share; the stack and its namespace have a name that nobody else has.
    pub(crate) fn new() -> Self {
        // Names of stacks are short.
        Self::at(TestBed::connect().unwrap(), &unique_namespace("t"), true)
    }

    /// On a control plane of the test's own.
    pub(crate) fn on(bed: &FreshTestBed, name: &str) -> Self {
        Self::at((**bed).clone(), name, false)
    }

    fn at(bed: TestBed, name: &str, is_shared: bool) -> Self {
        let folder = TempDir::new().unwrap();
        // One of each that a stack may ask for.
        let outputs = json!({
            "account.id": "111122223333",
            "cluster.certificateAuthority": "LS0tLS1CRUdJTg==",
            "cluster.endpoint": "https://0123456789ABCDEF.gr7.us-west-2.eks.amazonaws.com",
            "database.endpoint": "airflow.c9akciq32rxy.us-west-2.rds.amazonaws.com",
            "fileSystem.id": "fs-0a1b2c3d4e5f60718",
            "prometheus.endpoint": "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-0/",
            "vpc.id": "vpc-0a1b2c3d4e5f60718",
        });
        std::fs::write(folder.path().join("outputs.json"), outputs.to_string()).unwrap();
        let said = Said { text: String::new(), secrets: BTreeSet::from([password(name)]) };
        let name = name.to_owned();
        Self { bed, name, folder, options: Vec::new(), is_shared, said: Mutex::new(said) }
    }

    /// Writes the stack that the program finds in its folder.
    pub(crate) fn stack(&self, text: &str) {
        std::fs::write(self.path().join("stack.yaml"), text).unwrap();
    }

    /// Sets values of the stack for every run from now on.
    pub(crate) fn set(&mut self, values: &[&str]) {
        self.options = values.iter().flat_map(|value| ["--set".to_owned(), (*value).to_owned()]).collect();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_airflow-eks"));
        command.args(arguments).args(&self.options).args(["--only", "k8s", "--outputs", "outputs.json"]);
        command.arg("--kubeconfig").arg(self.bed.kubeconfig_path());
        command.current_dir(self.path()).env("HOME", self.path()).env_remove("KUBECONFIG");
        command.env("AIRFLOW_EKS_HELM", self.bed.helm().path());
        command.env("AIRFLOW_EKS_DATABASE_PASSWORD", password(&self.name));
        command
    }

    /// Runs the program, and tells how long that took.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let begun = Instant::now();
        let ran: Ran = self.command(arguments).output().unwrap().into();
        eprintln!("{} {arguments:?}: {} in {:.1?}", self.name, ran.code, begun.elapsed());
        self.note(&ran.stdout);
        self.note(&ran.stderr);
        ran
    }

    /// Notes something that the program has said.
    pub(crate) fn note(&self, text: &str) {
        self.said().text.push_str(text);
    }

    pub(crate) fn apply(&self) -> Ran {
        self.apply_with(&[])
    }

    pub(crate) fn apply_with(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(&[&["apply", "--yes"], arguments].concat());
        self.said().secrets.extend(self.secrets());
        ran
    }

    pub(crate) fn destroy(&self) -> Ran {
        self.run(&["destroy", "--yes"])
    }

    /// With the volumes, and the keys that outlive a stack otherwise.
    pub(crate) fn destroy_with_data(&self) -> Ran {
        self.run(&["destroy", "--yes", "--delete-data"])
    }

    /// Fails the test unless nothing is to be done, which is also to be said.
    #[track_caller]
    pub(crate) fn is_settled(&self) {
        let ran = self.run(&["plan", "--exit-code"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "Nothing to do.\n"), "{}", ran.stderr);
    }

    /// What `plan` says.
    pub(crate) fn planned(&self) -> String {
        let ran = self.run(&["plan", "--exit-code"]);
        assert!(matches!(ran.code, 0 | 2), "{ran:?}");
        ran.stdout
    }

    /// Runs the program for a JSON document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--output", "json"]].concat());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    /// What the stack keeps for its generated secrets, decoded and not.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let name = format!("airflow-eks-{}-secrets", self.name);
        let template =
            r#"{{if .data}}{{range .data}}{{.}}{{"\n"}}{{. | base64decode}}{{"\n"}}{{end}}{{end}}"#;
        let output = format!("--output=go-template={template}");
        let text = self.kubectl(&["get", "secret", "-nkube-system", "--ignore-not-found", &name, &output]);
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        self.bed.kubectl().run(&arguments.join(" "), arguments).unwrap()
    }

    /// kubectl in the namespace that has the name of the stack.
    #[track_caller]
    pub(crate) fn within(&self, arguments: &[&str]) -> String {
        self.kubectl(&[&["--namespace", self.name.as_str()], arguments].concat())
    }

    /// A field of an object in the namespace that has the name of the stack.
    #[track_caller]
    pub(crate) fn field(&self, object: &str, path: &str) -> String {
        self.within(&["get", object, &format!("--output=jsonpath={path}")])
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The password of a stack's database, which nobody makes.
fn password(name: &str) -> String {
    format!("hunter2-of-{name}")
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_shared {
            let ours = format!("--selector=airflow-eks/stack={}", self.name);
            let quietly = |arguments: &[&str]| drop(self.bed.kubectl().run("clean up", arguments));
            quietly(&["delete", "namespaces", &ours, "--wait=false"]);
            quietly(&["delete", "configmaps,secrets", "--namespace=kube-system", &ours, "--wait=false"]);
        }
        if !std::thread::panicking() {
            let said = self.said();
            let told = said.secrets.iter().filter(|secret| said.text.contains(secret.as_str())).count();
            assert_eq!(told, 0, "the program told secrets:\n{}", said.text);
        }
    }
}
