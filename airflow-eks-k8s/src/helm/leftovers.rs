//! Objects that only a failed revision had. Helm compares the next revision with the last good one, and forgets about these.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use kube::api::DeleteParams;
use serde_json::Value;

use super::failure::{code, of_kube};
use super::manifest::{self, Objects};
use super::releases::Releases;
use super::stored::{self, Entry};
use super::{failure::because, kinds};

/// Kinds with which data would be lost. They are left, and told.
const HOLD_DATA: [&str; 3] = ["CustomResourceDefinition", "Namespace", "PersistentVolumeClaim"];

impl Releases {
    /// The objects of every revision that has failed since the last good one.
    pub(super) async fn objects_of_failed(
        &self,
        id: &ReleaseId,
        history: &[Entry],
    ) -> Result<Objects, Failure> {
        let mut objects = Objects::new();
        for entry in history.iter().rev().take_while(|entry| entry.status != "deployed") {
            if (entry.status == "failed" || entry.is_pending())
                && let Some(revision) = stored::read(&self.client, id, entry).await?
            {
                let found = manifest::objects(&revision.manifest);
                objects.extend(found.map_err(|error| because(id, "read its manifest", error))?);
            }
        }
        Ok(objects)
    }

    /// Deletes those of them that the release has no more.
    pub(super) async fn delete_leftovers(&self, id: &ReleaseId, of_failed: Objects) -> Result<(), Failure> {
        if of_failed.is_empty() {
            return Ok(());
        }
        let history = stored::history(&self.client, id).await?;
        let Some(last) = history.last() else { return Ok(()) };
        let Some(revision) = stored::read(&self.client, id, last).await? else { return Ok(()) };
        let wanted =
            manifest::objects(&revision.manifest).map_err(|error| because(id, "read its manifest", error))?;
        for (key, _) in of_failed.iter().filter(|(key, _)| !wanted.contains_key(key)) {
            let Some(live) = kinds::live(&self.kinds, &self.client, id, key).await? else { continue };
            if !manifest::is_of(&live, id) || manifest::is_kept(&live) {
                continue;
            }
            if HOLD_DATA.contains(&key.kind.as_str()) {
                tracing::warn!(release = %id, object = %key, "left by a failed revision; delete it where nothing in it is needed");
                continue;
            }
            let Some(api) = self.kinds.api(&self.client, id, key).await? else { continue };
            let uid = live.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
            let parameters = DeleteParams {
                preconditions: Some(kube::api::Preconditions { uid, ..kube::api::Preconditions::default() }),
                ..DeleteParams::background()
            };
            match api.delete(&key.name, &parameters).await {
                Ok(_) => {}
                Err(error) if matches!(code(&error), Some(404 | 409)) => {}
                Err(error) => return Err(of_kube(id, &format!("delete {key}"), error)),
            }
        }
        Ok(())
    }
}
