//! The objects as the other tools read them: files, and a chart.

use std::fs;
use std::path::PathBuf;

use airflow_eks_benches::{manifests, objects};
use serde_json::Value;
use tempfile::TempDir;

use crate::Result;

/// The objects as files, in a folder that goes with this value.
pub(crate) struct Input {
    pub(crate) count: usize,
    folder: TempDir,
}

impl Input {
    /// Writes that many objects.
    pub(crate) fn write(count: usize) -> Result<Self> {
        let input = Self { count, folder: TempDir::new()? };
        let of_stack = objects(count).into_iter().map(|object| object.resolved(&|late| late.name()));
        fs::write(input.of_stack(), stream(of_stack))?;
        let plain = stream(manifests(count).into_iter());
        fs::write(input.plain(), &plain)?;
        let templates = input.chart().join("templates");
        fs::create_dir_all(&templates)?;
        fs::write(templates.join("objects.yaml"), plain)?;
        fs::write(input.chart().join("Chart.yaml"), "apiVersion: v2\nname: bench\nversion: 0.1.0\n")?;
        Ok(input)
    }

    /// The objects with the labels of a stack.
    pub(crate) fn of_stack(&self) -> PathBuf {
        self.folder.path().join("of-stack.yaml")
    }

    /// The objects without.
    pub(crate) fn plain(&self) -> PathBuf {
        self.folder.path().join("plain.yaml")
    }

    /// A chart of the objects without.
    pub(crate) fn chart(&self) -> PathBuf {
        self.folder.path().join("chart")
    }
}

/// JSON is YAML too, and quick to read.
fn stream(manifests: impl Iterator<Item = Value>) -> String {
    manifests.map(|manifest| format!("---\n{manifest}\n")).collect()
}
