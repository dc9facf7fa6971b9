//! Custom resources of others, which would go with the definitions that a release takes along.
//!
//! Whether a definition stays is decided by the release as it is recorded, not by the definition in the cluster: see
//! <https://github.com/helm/helm/blob/main/pkg/action/resource_policy.go>.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::engine::{Failure, Owned};
use airflow_eks_core::graph::{ApplySet, ReleaseId, ResourceId};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::api::{ApiResource, DynamicObject, ListParams};
use kube::{Api, ResourceExt as _};
use serde_json::Value;

use super::failure::{because, of_kube};
use super::kinds;
use super::manifest::{self, Key, Objects, RELEASE_NAME, RELEASE_NAMESPACE};
use super::releases::{Releases, STACK};

/// How many are named.
const NAMED: usize = 5;
/// How far owners of owners are followed.
const GENERATIONS: usize = 8;
const PAGE: u32 = 500;
const OPERATION: &str = "helm uninstall";

/// What tells that an object is the stack's.
struct Ours<'a> {
    stack: &'a str,
    set: ApplySet,
    releases: BTreeSet<ReleaseId>,
}

impl Ours<'_> {
    fn holds(&self, metadata: &ObjectMeta) -> bool {
        let label = |name: &str| metadata.labels.as_ref()?.get(name).map(String::as_str);
        let annotation = |name: &str| metadata.annotations.as_ref()?.get(name).map(String::as_str);
        let is_of_release = match (annotation(RELEASE_NAMESPACE), annotation(RELEASE_NAME)) {
            (Some(namespace), Some(name)) => self.releases.contains(&ReleaseId::new(namespace, name)),
            _ => false,
        };
        match label(ApplySet::PART_OF) {
            Some(part_of) => part_of == self.set.id(),
            None => label(STACK) == Some(self.stack) || is_of_release,
        }
    }
}

impl Releases {
    /// Says no where somebody else has made something of a kind that goes with a release.
    ///
    /// # Errors
    /// Somebody has, or it cannot be found out.
    pub(super) async fn refuse_instances_of_others(
        &self,
        id: &ReleaseId,
        objects: &Objects,
    ) -> Result<(), Failure> {
        let going = objects.iter().filter(|(key, object)| is_definition(key) && !manifest::is_kept(object));
        let going: Vec<&str> = going.map(|(key, _)| key.name.as_str()).collect();
        if going.is_empty() {
            return Ok(());
        }
        let releases = self.owned().await?.into_iter().filter_map(release).chain([id.clone()]).collect();
        let ours = Ours { stack: &self.stack, set: ApplySet::of(&self.stack), releases };
        let mut others = BTreeMap::new();
        for definition in going {
            let found = self.instances_of_others(id, definition, &ours).await?;
            if !found.is_empty() {
                others.insert(definition, found);
            }
        }
        if others.is_empty() { Ok(()) } else { Err(refusal(id, &others)) }
    }

    /// The objects of a kind that are not the stack's, and would stay if their kind did.
    async fn instances_of_others(
        &self,
        id: &ReleaseId,
        definition: &str,
        ours: &Ours<'_>,
    ) -> Result<Vec<String>, Failure> {
        let definitions: Api<CustomResourceDefinition> = Api::all(self.client.clone());
        let live = definitions.get_opt(definition).await;
        let live =
            live.map_err(|error| of_kube(id, &format!("read CustomResourceDefinition {definition}"), error))?;
        // Of one that is on its way out nothing can be saved.
        let Some(live) = live.filter(|live| live.metadata.deletion_timestamp.is_none()) else {
            return Ok(Vec::new());
        };
        let resource = served(&live).ok_or_else(|| {
            let message = format!(
                "the cluster serves no version of {definition}, so nobody knows whose objects it has"
            );
            because(id, OPERATION, message)
        })?;
        let api: Api<DynamicObject> = Api::all_with(self.client.clone(), &resource);
        let mut parameters = ListParams::default().limit(PAGE);
        let mut others = Vec::new();
        loop {
            let page = api.list_metadata(&parameters).await;
            let page = page.map_err(|error| of_kube(id, &format!("list each {definition}"), error))?;
            for object in &page.items {
                if !self.goes_anyway(id, &object.metadata, ours).await? {
                    others.push(match object.namespace() {
                        Some(namespace) => format!("{} {namespace}/{}", resource.kind, object.name_any()),
                        None => format!("{} {}", resource.kind, object.name_any()),
                    });
                }
            }
            match page.metadata.continue_.filter(|text| !text.is_empty()) {
                Some(next) => parameters = parameters.continue_token(&next),
                None => return Ok(others),
            }
        }
    }

    /// Whether an object is the stack's, or goes with what is: the cluster deletes what has lost all of its owners.
    async fn goes_anyway(
        &self,
        id: &ReleaseId,
        metadata: &ObjectMeta,
        ours: &Ours<'_>,
    ) -> Result<bool, Failure> {
        if metadata.deletion_timestamp.is_some() || ours.holds(metadata) {
            return Ok(true);
        }
        let namespace = metadata.namespace.clone();
        let mut owners = metadata.owner_references.clone().unwrap_or_default();
        if owners.is_empty() {
            return Ok(false);
        }
        for _ in 0..GENERATIONS {
            let mut next = Vec::new();
            for owner in owners {
                let Some(live) = self.owner(id, namespace.as_deref(), &owner).await? else { continue };
                if takes_its_own_along(&live) || ours.holds(&live) {
                    continue;
                }
                match live.owner_references.filter(|owners| !owners.is_empty()) {
                    Some(owners) => next.extend(owners),
                    None => return Ok(false),
                }
            }
            if next.is_empty() {
                return Ok(true);
            }
            owners = next;
        }
        Ok(false)
    }

    /// An owner as it is; nothing where it is gone, or another one has its name. Of a kind that is not served nobody knows, and
    /// the cluster deletes nothing for it.
    async fn owner(
        &self,
        id: &ReleaseId,
        namespace: Option<&str>,
        owner: &OwnerReference,
    ) -> Result<Option<ObjectMeta>, Failure> {
        let (group, version) = owner.api_version.rsplit_once('/').unwrap_or(("", &owner.api_version));
        let key = Key {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: owner.kind.clone(),
            namespace: namespace.map(str::to_owned),
            name: owner.name.clone(),
        };
        if self.kinds.api(&self.client, id, &key).await?.is_none() {
            return Ok(Some(ObjectMeta::default()));
        }
        let Some(live) = kinds::live(&self.kinds, &self.client, id, &key).await? else { return Ok(None) };
        let metadata = live.get("metadata").cloned().unwrap_or(Value::Null);
        let metadata: ObjectMeta = serde_json::from_value(metadata)
            .map_err(|error| because(id, &format!("read {key}"), error.to_string()))?;
        Ok(Some(metadata).filter(|metadata| metadata.uid.as_deref() == Some(&owner.uid)))
    }
}

/// Whether an owner is on its way out, and what it owns with it.
fn takes_its_own_along(owner: &ObjectMeta) -> bool {
    let leaves_behind = owner.finalizers.iter().flatten().any(|finalizer| finalizer == "orphan");
    owner.deletion_timestamp.is_some() && !leaves_behind
}

fn is_definition(key: &Key) -> bool {
    key.group == "apiextensions.k8s.io" && key.kind == "CustomResourceDefinition"
}

fn release(owned: Owned) -> Option<ReleaseId> {
    match owned.id {
        ResourceId::Helm(id) => Some(id),
        _ => None,
    }
}

/// Where the objects of a definition are.
fn served(definition: &CustomResourceDefinition) -> Option<ApiResource> {
    let spec = &definition.spec;
    let version = spec.versions.iter().find(|version| version.served)?.name.clone();
    Some(ApiResource {
        api_version: format!("{}/{version}", spec.group),
        group: spec.group.clone(),
        version,
        kind: spec.names.kind.clone(),
        plural: spec.names.plural.clone(),
    })
}

fn refusal(id: &ReleaseId, others: &BTreeMap<&str, Vec<String>>) -> Failure {
    let all: Vec<&str> = others.values().flatten().map(String::as_str).collect();
    let more = match all.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let definitions = others.keys().copied().collect::<Vec<_>>().join(", ");
    let message =
        format!("its chart takes {definitions} along, and with that what is not the stack's: {named}{more}");
    let hint = "move or delete these, and run this again; or keep the definitions: have the chart's values annotate them with \
                `helm.sh/resource-policy: keep`, and apply that first, because Helm reads its own record and not the cluster";
    Failure { hint: Some(hint.to_owned()), ..because(id, OPERATION, message) }
}
