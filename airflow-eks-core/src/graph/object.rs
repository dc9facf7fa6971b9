//! A Kubernetes object to be.

use std::collections::BTreeSet;

use k8s_openapi::{Metadata, Resource};
use serde::Serialize;
use serde_json::Value;

use super::late::{self, Late};
use super::{ObjectId, ResourceId};

/// A Kubernetes object to be. Late values stand in it as marks until [`KubernetesObject::resolved`].
#[derive(Debug, Clone, PartialEq)]
pub struct KubernetesObject {
    /// Its identity.
    pub id: ObjectId,
    body: Value,
}

impl KubernetesObject {
    /// Takes a typed object. Everything it says was typed before, so there is nothing left that could fail.
    pub(crate) fn of<T>(object: &T) -> Self
    where
        T: Resource + Metadata<Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta> + Serialize,
    {
        let metadata = object.metadata();
        let id = ObjectId::new(
            T::GROUP,
            T::KIND,
            metadata.namespace.as_deref(),
            metadata.name.as_deref().unwrap_or_default(),
        );
        Self { id, body: serde_json::to_value(object).unwrap_or_default() }
    }

    /// Takes any object; nothing where it does not say its version, its kind and its name.
    ///
    /// ```
    /// use airflow_eks_core::graph::KubernetesObject;
    ///
    /// let body = serde_json::json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "airflow" } });
    /// assert!(KubernetesObject::from_value(body).is_some());
    /// ```
    #[must_use]
    pub fn from_value(body: Value) -> Option<Self> {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        let group = text("/apiVersion")?.rsplit_once('/').map_or("", |(group, _)| group);
        let namespace = text("/metadata/namespace");
        let id = ObjectId::new(group, text("/kind")?, namespace, text("/metadata/name")?);
        Some(Self { id, body })
    }

    /// Its API version, such as `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        self.body.get("apiVersion").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its identity among all resources.
    #[must_use]
    pub fn resource_id(&self) -> ResourceId {
        ResourceId::Kubernetes(self.id.clone())
    }

    /// The object with its marks, for reading what it refers to.
    pub(crate) fn marked(&self) -> &Value {
        &self.body
    }

    /// The late values that it needs.
    #[must_use]
    pub fn late_values(&self) -> BTreeSet<Late> {
        let mut found = BTreeSet::new();
        late::walk(&self.body, &mut |text| found.extend(late::in_text(text)));
        found
    }

    /// The object with those late values in their places that `value` knows.
    pub(crate) fn resolved_where_known(&self, value: &dyn Fn(&Late) -> Option<String>) -> Self {
        let text = |text: &str| late::resolve(text, &|late| value(late).unwrap_or_else(|| late.mark()));
        Self { id: self.id.clone(), body: late::replace(&self.body, &text) }
    }

    /// The object with every late value replaced by what `value` gives for it.
    #[must_use]
    pub fn resolved(&self, value: &dyn Fn(&Late) -> String) -> Value {
        late::replace(&self.body, &|text| late::resolve(text, value))
    }
}
