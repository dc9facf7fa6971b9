//! Charts that tests write.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A chart in a folder of its own.
pub(crate) struct Chart {
    folder: TempDir,
    name: String,
}

impl Chart {
    /// A chart without templates.
    pub(crate) fn new(name: &str, version: &str) -> Self {
        let chart = Self { folder: tempfile::tempdir().unwrap(), name: name.to_owned() };
        chart.version(version)
    }

    pub(crate) fn version(self, version: &str) -> Self {
        let about = format!("apiVersion: v2\nname: {}\nversion: {version}\n", self.name);
        self.with("Chart.yaml", &about)
    }

    pub(crate) fn with(self, file: &str, content: &str) -> Self {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }

    /// Something of everything: a workload, a text by the values, one that is random and one that tells the revision.
    pub(crate) fn web() -> Self {
        Self::new("web", "1.0.0")
            .with("values.yaml", "color: red\nreplicas: 1\n")
            .with("templates/deployment.yaml", DEPLOYMENT)
            .with("templates/colors.yaml", COLORS)
            .with("templates/password.yaml", PASSWORD)
    }
}

const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata: {labels: {app: "{{ .Release.Name }}"}}
    spec:
      containers:
        - name: web
          image: example.invalid/web:1
          resources: {requests: {cpu: 1000m, memory: 0.5Gi}}
"#;

const COLORS: &str = r#"
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  color: {{ .Values.color | quote }}
"#;

const PASSWORD: &str = r#"
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-random"}
stringData:
  password: {{ randAlphaNum 16 }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}-random"}
data:
  checksum: {{ randAlphaNum 16 }}
"#;
