//! Which kinds a cluster serves, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ObjectId;
use kube::Client;
use kube::core::ApiResource;
use kube::core::discovery::v2::{ACCEPT_AGGREGATED_DISCOVERY_V2, APIGroupDiscoveryList};
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::call::{Call, escaped};
use crate::error::{Error, failure, other};

/// How long a kind is waited for whose definition has just been made.
const DEFINED_SOON: Duration = Duration::from_secs(60);
/// A kind that is not known is looked for once more, unless this short a time ago.
const JUST_READ: Duration = Duration::from_secs(5);

/// A kind that a cluster serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Served {
    /// Its names and its version.
    pub(crate) resource: ApiResource,
    /// Whether its objects lie in namespaces.
    pub(crate) namespaced: bool,
    verbs: BTreeSet<String>,
}

impl Served {
    /// The path of all its objects, or of those in one namespace.
    pub(crate) fn list_path(&self, namespace: Option<&str>) -> String {
        let root = if self.resource.group.is_empty() { "/api" } else { "/apis" };
        let ApiResource { api_version, plural, .. } = &self.resource;
        match namespace.filter(|_| self.namespaced) {
            Some(namespace) => format!("{root}/{api_version}/namespaces/{}/{plural}", escaped(namespace)),
            None => format!("{root}/{api_version}/{plural}"),
        }
    }

    /// The path of one object.
    pub(crate) fn path(&self, namespace: Option<&str>, name: &str) -> String {
        format!("{}/{}", self.list_path(namespace), escaped(name))
    }

    /// Whether there can be objects that somebody makes, finds and deletes.
    pub(crate) fn holds_objects(&self) -> bool {
        ["list", "delete", "patch"].iter().all(|verb| self.verbs.contains(*verb))
    }
}

/// Everything that a cluster serves.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// By group and kind, the versions, the preferred one first.
    kinds: BTreeMap<(String, String), Vec<Served>>,
    /// Groups whose server did not answer.
    stale: BTreeSet<String>,
}

impl Kinds {
    fn add(&mut self, list: APIGroupDiscoveryList) {
        for group in list.items {
            let name = group.metadata.and_then(|metadata| metadata.name).unwrap_or_default();
            for version in group.versions {
                if version.freshness.as_deref() == Some("Stale") {
                    self.stale.insert(name.clone());
                }
                let number = version.version.unwrap_or_default();
                for resource in version.resources {
                    let kind =
                        resource.response_kind.and_then(|kind| kind.kind).filter(|kind| !kind.is_empty());
                    let (Some(kind), Some(plural)) = (kind, resource.resource) else { continue };
                    let api_version =
                        if name.is_empty() { number.clone() } else { format!("{name}/{number}") };
                    let served = Served {
                        resource: ApiResource {
                            group: name.clone(),
                            version: number.clone(),
                            api_version,
                            kind: kind.clone(),
                            plural,
                        },
                        namespaced: resource.scope.as_deref() == Some("Namespaced"),
                        verbs: resource.verbs.into_iter().collect(),
                    };
                    self.kinds.entry((name.clone(), kind)).or_default().push(served);
                }
            }
        }
    }

    /// A kind, in this version where one is said.
    fn find(&self, group: &str, kind: &str, api_version: Option<&str>) -> Option<&Served> {
        let versions = self.kinds.get(&(group.to_owned(), kind.to_owned()))?;
        versions
            .iter()
            .find(|served| api_version.is_none_or(|version| served.resource.api_version == version))
    }

    /// Every kind of which there can be objects, each in its preferred version.
    pub(crate) fn of_objects(&self) -> impl Iterator<Item = &Served> {
        self.kinds.values().filter_map(|versions| versions.iter().find(|served| served.holds_objects()))
    }
}

/// What a cluster serves, read when it is first needed.
#[derive(Default)]
pub(crate) struct Discovery {
    known: Mutex<Option<(Instant, Arc<Kinds>)>>,
}

impl Discovery {
    /// Everything that the cluster serves.
    pub(crate) async fn kinds(&self, client: &Client) -> Result<Arc<Kinds>, Failure> {
        self.newer_than(client, None).await
    }

    /// The kind of an object, in this version where one is said; nothing where it is not served, or not yet.
    pub(crate) async fn find(
        &self,
        client: &Client,
        id: &ObjectId,
        api_version: Option<&str>,
    ) -> Result<Option<Served>, Failure> {
        let kinds = self.kinds(client).await?;
        if let Some(served) = kinds.find(&id.group, &id.kind, api_version) {
            return Ok(Some(served.clone()));
        }
        let kinds = self.newer_than(client, Some(JUST_READ)).await?;
        match kinds.find(&id.group, &id.kind, api_version) {
            Some(served) => Ok(Some(served.clone())),
            None if kinds.stale.contains(&id.group) => {
                let message =
                    format!("the server of `{}` does not answer, so its kinds are not known", id.group);
                Err(other(&id.to_string(), "find its kind", message))
            }
            None => Ok(None),
        }
    }

    /// The same, and waits for a kind whose definition has just been made.
    pub(crate) async fn await_kind(
        &self,
        client: &Client,
        id: &ObjectId,
        api_version: &str,
    ) -> Result<Served, Failure> {
        let begun = Instant::now();
        loop {
            if let Some(served) = self.find(client, id, Some(api_version)).await? {
                return Ok(served);
            }
            if begun.elapsed() > DEFINED_SOON {
                let message = format!("the cluster serves no `{}` of `{api_version}`", id.kind);
                let hint =
                    "what defines this kind has to be installed first: an add-on, its CRDs or its chart";
                return Err(Failure {
                    hint: Some(hint.to_owned()),
                    ..other(&id.to_string(), "find its kind", message)
                });
            }
            sleep(Duration::from_secs(1)).await;
            self.forget().await;
        }
    }

    /// Reads it all again when it is next needed: a definition, or what may hold some, has been applied.
    pub(crate) async fn forget(&self) {
        self.known.lock().await.take();
    }

    async fn newer_than(&self, client: &Client, age: Option<Duration>) -> Result<Arc<Kinds>, Failure> {
        let mut known = self.known.lock().await;
        if let Some((read, kinds)) = &*known
            && age.is_none_or(|age| read.elapsed() < age)
        {
            return Ok(Arc::clone(kinds));
        }
        let kinds =
            read(client).await.map_err(|error| failure("the cluster", "discover its kinds", &error))?;
        let kinds = Arc::new(kinds);
        *known = Some((Instant::now(), Arc::clone(&kinds)));
        Ok(kinds)
    }
}

/// Two requests tell it all. See <https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery>.
async fn read(client: &Client) -> Result<Kinds, Error> {
    let mut kinds = Kinds::default();
    for path in ["/api", "/apis"] {
        let call = Call::get(path.to_owned()).accepting(ACCEPT_AGGREGATED_DISCOVERY_V2);
        kinds.add(call.send(client).await?);
    }
    Ok(kinds)
}
