//! Taking releases away.

use airflow_eks_core::engine::{Failure, Owned};
use airflow_eks_core::graph::{ReleaseId, ResourceId};
use k8s_openapi::api::core::v1::Secret;
use kube::api::ListParams;
use kube::{Api, ResourceExt as _};
use tokio::time::Instant;

use super::call::Call;
use super::failure::{because, of_kube};
use super::kinds;
use super::manifest::{self, Objects};
use super::releases::{Releases, STACK};
use super::settle::{LOOK_AGAIN_AFTER, is_abandoned};
use super::stored::{self, Entry};
use super::values::Masks;

const PAGE: u32 = 500;

impl Releases {
    /// Every release that carries the mark of the stack.
    ///
    /// # Errors
    /// The Secrets of Helm cannot be listed.
    pub async fn owned(&self) -> Result<Vec<Owned>, Failure> {
        let selector = format!("owner=helm,{STACK}={}", self.stack);
        let api: Api<Secret> = Api::all(self.client.clone());
        let mut newest = std::collections::BTreeMap::new();
        let mut parameters = ListParams::default().labels(&selector).limit(PAGE);
        loop {
            let page = api.list_metadata(&parameters).await;
            let page =
                page.map_err(|error| of_kube("HelmRelease *", "list the Secrets of releases", error))?;
            for secret in &page.items {
                let label = |name: &str| secret.labels().get(name);
                let (Some(name), Some(namespace)) = (label("name"), secret.namespace()) else { continue };
                let revision: u64 = label("version").and_then(|text| text.parse().ok()).unwrap_or_default();
                let is_gone = label("status").is_some_and(|status| status == "uninstalled");
                let known = newest.entry(ReleaseId::new(&namespace, name)).or_insert((revision, is_gone));
                *known = (*known).max((revision, is_gone));
            }
            match page.metadata.continue_.filter(|text| !text.is_empty()) {
                Some(next) => parameters = parameters.continue_token(&next),
                None => break,
            }
        }
        let there = newest.into_iter().filter(|(_, (_, is_gone))| !is_gone);
        Ok(there
            .map(|(id, _)| Owned {
                physical_id: format!("{}/{}", id.namespace, id.name),
                id: ResourceId::Helm(id),
            })
            .collect())
    }

    /// Uninstalls a release, and waits until its objects are gone. One that is gone already is no error. Gives the objects that
    /// its chart wants kept.
    ///
    /// # Errors
    /// It is not the stack's, another `helm` works on it, others have objects of kinds that it defines, or something of it is not
    /// gone in time.
    pub async fn delete(&self, id: &ReleaseId) -> Result<Vec<String>, Failure> {
        let since = Instant::now();
        let last = loop {
            let Some(last) = stored::history(&self.client, id).await?.pop() else { return Ok(Vec::new()) };
            if !last.is_pending() || is_abandoned(&last) {
                break last;
            }
            if since.elapsed() > self.limit {
                return Err(because(
                    id,
                    "helm uninstall",
                    format!("another helm is at work on revision {}", last.revision),
                ));
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        };
        if last.labels.get(STACK) != Some(&self.stack) {
            return Err(because(
                id,
                "helm uninstall",
                format!("it does not carry the mark of the stack `{}`", self.stack),
            ));
        }
        let objects = self.objects_of(id, &last).await?;
        self.refuse_instances_of_others(id, &objects).await?;
        if let Err(failure) = self.finish_uninstalling(id).await {
            // Helm forgets a release whose objects are not gone in time, so nobody would look after them any more.
            let is_forgotten = stored::history(&self.client, id).await?.is_empty();
            if !is_forgotten || !self.are_gone(id, &objects).await? {
                return Err(failure);
            }
        }
        super::live_run::forget(&last);
        let kept: Vec<_> = objects
            .iter()
            .filter(|(_, object)| manifest::is_kept(object))
            .map(|(key, _)| key.to_string())
            .collect();
        if !kept.is_empty() {
            tracing::warn!(release = %id, kept = kept.join(", "), "its chart wants these kept");
        }
        Ok(kept)
    }

    /// The objects that a revision holds.
    pub(super) async fn objects_of(&self, id: &ReleaseId, entry: &Entry) -> Result<Objects, Failure> {
        let revision = stored::read(&self.client, id, entry).await?;
        let manifest = revision.map(|revision| revision.manifest).unwrap_or_default();
        manifest::objects(&manifest).map_err(|error| because(id, "read its manifest", error))
    }

    /// Waits until the objects that are not kept are gone, and tells whether they are.
    async fn are_gone(&self, id: &ReleaseId, objects: &Objects) -> Result<bool, Failure> {
        let since = Instant::now();
        for (key, _) in objects.iter().filter(|(_, object)| !manifest::is_kept(object)) {
            while kinds::live(&self.kinds, &self.client, id, key).await?.is_some() {
                if since.elapsed() > self.limit {
                    return Ok(false);
                }
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
        }
        Ok(true)
    }

    pub(super) async fn finish_uninstalling(&self, id: &ReleaseId) -> Result<(), Failure> {
        let masks = Masks::default();
        let call = Call::new(id, "helm uninstall", &masks, self.stopped_after())
            .argument(id.name.as_str())
            .arguments(&[
                "--namespace",
                &id.namespace,
                "--ignore-not-found",
                "--wait",
                "--cascade=foreground",
            ])
            .argument(self.timeout());
        call.run(&self.program, Some(&self.access)).await.map(drop)
    }
}
