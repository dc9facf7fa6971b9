//! What is asked of the API server, of any kind.

use kube::{
    Api, Client, Resource,
    api::{ApiResource, DynamicObject, ListParams},
    core::{GroupVersionKind, Request, subresource::LogParams},
};
use serde_json::Value;

use crate::live::{name, namespace, with_kind};

/// The built-in kinds on the way from a workload to its cause.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Event,
    PersistentVolumeClaim,
    Pod,
    ReplicaSet,
    StorageClass,
}

impl Kind {
    fn resource(self) -> ApiResource {
        let (group, kind) = match self {
            Self::Event => ("", "Event"),
            Self::PersistentVolumeClaim => ("", "PersistentVolumeClaim"),
            Self::Pod => ("", "Pod"),
            Self::ReplicaSet => ("apps", "ReplicaSet"),
            Self::StorageClass => ("storage.k8s.io", "StorageClass"),
        };
        ApiResource::from_gvk(&GroupVersionKind::gvk(group, "v1", kind))
    }
}

/// The API server, read only.
pub(super) struct Cluster(Client);

fn read(object: DynamicObject, kind: Kind) -> Result<Value, kube::Error> {
    with_kind(object, &kind.resource()).map_err(kube::Error::SerdeError)
}

/// A page is enough to find a cause in.
const PAGE: u32 = 250;

impl Cluster {
    pub(super) fn new(client: Client) -> Self {
        Self(client)
    }

    fn api(&self, kind: Kind, namespace: Option<&str>) -> Api<DynamicObject> {
        match namespace {
            Some(namespace) => Api::namespaced_with(self.0.clone(), namespace, &kind.resource()),
            None => Api::all_with(self.0.clone(), &kind.resource()),
        }
    }

    /// One object.
    pub(super) async fn get(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
    ) -> Result<Option<Value>, kube::Error> {
        let found = self.api(kind, namespace).get_opt(name).await?;
        found.map(|object| read(object, kind)).transpose()
    }

    /// The objects of a namespace that have some labels and fields.
    pub(super) async fn list(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        labels: &str,
        fields: &str,
    ) -> Result<Vec<Value>, kube::Error> {
        let selected = ListParams::default().labels(labels).fields(fields).limit(PAGE);
        let found = self.api(kind, namespace).list(&selected).await?;
        found.into_iter().map(|object| read(object, kind)).collect()
    }

    /// The end of a container's log.
    pub(super) async fn log(
        &self,
        pod: &Value,
        container: &str,
        previous: bool,
        lines: i64,
    ) -> Result<String, kube::Error> {
        let of_namespace = DynamicObject::url_path(&Kind::Pod.resource(), namespace(pod));
        let asked = LogParams {
            container: Some(container.to_owned()),
            previous,
            tail_lines: Some(lines),
            limit_bytes: Some(64 * 1024),
            ..LogParams::default()
        };
        let request =
            Request::new(of_namespace).logs(name(pod), &asked).map_err(kube::Error::BuildRequest)?;
        self.0.request_text(request).await
    }
}
