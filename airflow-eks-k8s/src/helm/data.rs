//! Volumes that go with a release.

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use serde_json::Value;

use super::failure::because;
use super::manifest::{self, Key};
use super::releases::Releases;
use super::{kinds, stored};

impl Releases {
    /// What holds data and is deleted with a release: claims that its chart does not want kept, and StatefulSets that take
    /// theirs along. See
    /// <https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention>.
    ///
    /// # Errors
    /// The release, or what it holds, cannot be read.
    pub async fn data(&self, id: &ReleaseId) -> Result<Vec<String>, Failure> {
        let Some(last) = stored::history(&self.client, id).await?.pop() else { return Ok(Vec::new()) };
        let objects = self.objects_of(id, &last).await?;
        let mut found = Vec::new();
        for (key, object) in &objects {
            if !manifest::is_kept(object)
                && holds_data(key, object)
                && kinds::live(&self.kinds, &self.client, id, key).await?.is_some()
            {
                let namespace = key.namespace.as_deref().unwrap_or(&id.namespace);
                found.push(format!("{} {namespace}/{}", key.kind, key.name));
            }
        }
        Ok(found)
    }

    /// Says no where data would go with a release.
    ///
    /// # Errors
    /// It would, or that cannot be found out.
    pub async fn refuse_to_lose_data(&self, id: &ReleaseId) -> Result<(), Failure> {
        let data = self.data(id).await?;
        if data.is_empty() {
            return Ok(());
        }
        let message = format!("the files in these would go with it: {}", data.join(", "));
        let hint = "keep what you need, then `--delete-data` deletes these too".to_owned();
        Err(Failure { hint: Some(hint), ..because(id, "helm uninstall", message) })
    }
}

fn holds_data(key: &Key, object: &Value) -> bool {
    match (key.group.as_str(), key.kind.as_str()) {
        ("", "PersistentVolumeClaim") => true,
        ("apps", "StatefulSet") => {
            let policy = object.pointer("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted");
            policy.is_some_and(|policy| policy == "Delete")
        }
        _ => false,
    }
}
