//! Which path of the API each kind has, asked once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use kube::api::DynamicObject;
use kube::core::GroupVersionKind;
use kube::discovery::{self, ApiResource, Scope};
use kube::{Api, Client};
use serde_json::Value;

use super::failure::{code, of_kube};
use super::manifest::Key;

/// The kinds that were asked for.
#[derive(Default)]
pub(super) struct Kinds(Mutex<HashMap<GroupVersionKind, (ApiResource, Scope)>>);

impl Kinds {
    /// Where objects like this one are; nothing where the server does not know their kind.
    pub(super) async fn api(
        &self,
        client: &Client,
        id: &ReleaseId,
        key: &Key,
    ) -> Result<Option<Api<DynamicObject>>, Failure> {
        let Some((resource, scope)) = self.resource(client, id, key).await? else { return Ok(None) };
        Ok(Some(match scope {
            Scope::Namespaced => {
                let namespace = key.namespace.as_deref().unwrap_or(&id.namespace);
                Api::namespaced_with(client.clone(), namespace, &resource)
            }
            Scope::Cluster => Api::all_with(client.clone(), &resource),
        }))
    }

    async fn resource(
        &self,
        client: &Client,
        id: &ReleaseId,
        key: &Key,
    ) -> Result<Option<(ApiResource, Scope)>, Failure> {
        let kind = GroupVersionKind::gvk(&key.group, &key.version, &key.kind);
        if let Some(found) = self.known().get(&kind) {
            return Ok(Some(found.clone()));
        }
        match discovery::pinned_kind(client, &kind).await {
            Ok((resource, capabilities)) => {
                let found = (resource, capabilities.scope);
                self.known().insert(kind, found.clone());
                Ok(Some(found))
            }
            Err(kube::Error::Discovery(_)) => Ok(None),
            Err(error) if code(&error) == Some(404) => Ok(None),
            Err(error) => Err(of_kube(id, &format!("look up {}", key.kind), error)),
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<GroupVersionKind, (ApiResource, Scope)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The live object behind one of a manifest; nothing where it is not there.
pub(super) async fn live(
    kinds: &Kinds,
    client: &Client,
    id: &ReleaseId,
    key: &Key,
) -> Result<Option<Value>, Failure> {
    let Some(api) = kinds.api(client, id, key).await? else { return Ok(None) };
    let object = api.get_opt(&key.name).await.map_err(|error| of_kube(id, &format!("read {key}"), error))?;
    Ok(object.and_then(|object| serde_json::to_value(object).ok()))
}
