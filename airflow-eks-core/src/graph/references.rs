//! What an object mentions by name, read from the object itself, so that no list of waits has to be kept in step.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{AwsId, Body, KubernetesObject, Late, ObjectId, ResourceId};
use crate::aws_resources::AwsKind;

const CORE: &str = "";
const RBAC: &str = "rbac.authorization.k8s.io";

/// Everything that `body` mentions, whether or not it is part of the stack.
pub(super) fn of(body: &Body) -> BTreeSet<ResourceId> {
    let tellers = body.late_values().into_iter().filter_map(|late| match late {
        Late::Attribute(id, _) => Some(ResourceId::Aws(id)),
        Late::Output(output) => output.source().map(|(id, _)| ResourceId::Aws(id)),
        Late::Secret(secret) => Some(ResourceId::Aws(AwsId::new(AwsKind::Secret, secret.name()))),
    });
    let mut ids: BTreeSet<ResourceId> = tellers.collect();
    // A cluster that was there before tells the same as one of the stack's own.
    if ids.contains(&AwsId::new(AwsKind::Cluster, "cluster").into()) {
        ids.insert(AwsId::new(AwsKind::ExistingCluster, "cluster").into());
    }
    if let Body::Kubernetes(object) = body {
        ids.extend(names_in(object));
    }
    if let Body::Helm(release) = body {
        ids.insert(ObjectId::new(CORE, "Namespace", None, &release.id.namespace).into());
    }
    ids
}

fn names_in(object: &KubernetesObject) -> BTreeSet<ResourceId> {
    let mut found = Found { namespace: object.id.namespace.as_deref(), ids: BTreeSet::new() };
    if let Some(namespace) = found.namespace {
        found.add(ObjectId::new(CORE, "Namespace", None, namespace));
    }
    found.look(object.marked(), "");
    found.ids.into_iter().map(ResourceId::Kubernetes).collect()
}

struct Found<'a> {
    namespace: Option<&'a str>,
    ids: BTreeSet<ObjectId>,
}

impl Found<'_> {
    fn add(&mut self, id: ObjectId) {
        self.ids.insert(id);
    }

    fn look(&mut self, value: &Value, key: &str) {
        match value {
            Value::Object(entries) => {
                self.mention(key, value);
                for (key, value) in entries {
                    self.look(value, key);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.look(item, key)),
            Value::String(name) => self.name(key, name),
            _ => {}
        }
    }

    /// A field whose value is a name.
    fn name(&mut self, key: &str, name: &str) {
        let (group, kind) = match key {
            "serviceAccountName" | "serviceAccount" => (CORE, "ServiceAccount"),
            "claimName" => (CORE, "PersistentVolumeClaim"),
            "secretName" => (CORE, "Secret"),
            "storageClassName" => {
                return self.add(ObjectId::new("storage.k8s.io", "StorageClass", None, name));
            }
            _ => return,
        };
        self.add(ObjectId::new(group, kind, self.namespace, name));
        if kind == "Secret" {
            self.add(ObjectId::new("external-secrets.io", "ExternalSecret", self.namespace, name));
        }
    }

    /// A field whose value is an object with a name in it.
    fn mention(&mut self, key: &str, value: &Value) {
        let text = |field: &str| value.get(field).and_then(Value::as_str);
        let Some(name) = text("name") else { return };
        match key {
            "configMap" | "configMapRef" | "configMapKeyRef" => {
                self.add(ObjectId::new(CORE, "ConfigMap", self.namespace, name));
            }
            "secretRef" | "secretKeyRef" | "imagePullSecrets" => self.name("secretName", name),
            "roleRef" => {
                let namespace = if text("kind") == Some("Role") { self.namespace } else { None };
                self.add(ObjectId::new(RBAC, text("kind").unwrap_or_default(), namespace, name));
            }
            "subjects" => {
                let namespace = text("namespace").or(self.namespace);
                self.add(ObjectId::new(CORE, text("kind").unwrap_or_default(), namespace, name));
            }
            "nodeClassRef" => {
                let (group, kind) = (text("group").unwrap_or_default(), text("kind").unwrap_or_default());
                self.add(ObjectId::new(group, kind, None, name));
            }
            "secretStoreRef" => {
                let kind = text("kind").unwrap_or_default();
                self.add(ObjectId::new("external-secrets.io", kind, self.namespace, name));
            }
            "serviceAccountRef" => self.add(ObjectId::new(CORE, "ServiceAccount", self.namespace, name)),
            "service" => self.add(ObjectId::new(CORE, "Service", self.namespace, name)),
            _ => {}
        }
    }
}
