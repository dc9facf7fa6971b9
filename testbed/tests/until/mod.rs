//! Waiting for what a server does in its own time, and a namespace to watch it in.

use std::{
    io::Write as _,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use airflow_eks_testbed::{Kubectl, TestBed, unique_namespace};

/// Asks again and again, until the answer is the one that is waited for.
#[track_caller]
pub(crate) fn until(wanted: &str, mut answer: impl FnMut() -> String) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let found = answer();
        if found == wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{found:?} instead of {wanted:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A namespace of the test bed that goes with the value.
pub(crate) struct Namespace {
    kubectl: Kubectl,
    name: String,
}

impl Namespace {
    #[track_caller]
    pub(crate) fn new(prefix: &str) -> Self {
        let kubectl = TestBed::connect().unwrap().kubectl().clone();
        let name = unique_namespace(prefix);
        kubectl.create_namespace(&name).unwrap();
        Self { kubectl, name }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Runs kubectl in the namespace and gives what it printed.
    #[track_caller]
    pub(crate) fn kubectl(&self, arguments: &[&str]) -> String {
        let arguments = [&["--namespace", &self.name], arguments].concat();
        self.kubectl.run("do as the test says", &arguments).unwrap()
    }

    /// One field of one object.
    #[track_caller]
    pub(crate) fn field(&self, object: &str, path: &str) -> String {
        self.kubectl(&["get", object, &format!("--output=jsonpath={path}")])
    }

    /// Strict server-side apply.
    #[track_caller]
    pub(crate) fn apply(&self, manifest: &str) {
        let mut command = self.kubectl.command();
        command.args([
            "apply",
            "--server-side",
            "--validate=strict",
            "--namespace",
            &self.name,
            "--filename=-",
        ]);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        child.stdin.take().unwrap().write_all(manifest.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let delete = ["delete", "namespace", &self.name, "--wait=false"];
        // A failed deletion leaves a namespace that no other test uses.
        let _ = self.kubectl.run("delete the namespace", &delete);
    }
}
