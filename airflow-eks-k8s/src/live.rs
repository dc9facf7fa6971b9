//! Reading of live objects, as the API server gives them: any kind, and any field may be missing.

use kube::{
    api::{ApiResource, DynamicObject},
    core::TypeMeta,
};
use serde_json::Value;

/// A text within an object; empty where there is none.
pub(crate) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A number within an object.
pub(crate) fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// A number of a status, which leaves out what is nought.
pub(crate) fn count(object: &Value, pointer: &str) -> i64 {
    number(object, pointer).unwrap_or(0)
}

/// Whether a field says yes.
pub(crate) fn flag(object: &Value, pointer: &str) -> bool {
    object.pointer(pointer).and_then(Value::as_bool).unwrap_or(false)
}

/// The items of a list; none where there is no list.
pub(crate) fn items<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The API group, which is empty for the core group.
pub(crate) fn group(object: &Value) -> &str {
    text(object, "/apiVersion").split_once('/').map_or("", |(group, _)| group)
}

/// The kind.
pub(crate) fn kind(object: &Value) -> &str {
    text(object, "/kind")
}

/// The name.
pub(crate) fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// The namespace; nothing for an object that lies in none.
pub(crate) fn namespace(object: &Value) -> Option<&str> {
    Some(text(object, "/metadata/namespace")).filter(|namespace| !namespace.is_empty())
}

/// An object as it stands alone: the items of a list do not say of which kind they are.
pub(crate) fn with_kind(
    mut object: DynamicObject,
    resource: &ApiResource,
) -> Result<Value, serde_json::Error> {
    object.types = Some(TypeMeta { api_version: resource.api_version.clone(), kind: resource.kind.clone() });
    serde_json::to_value(object)
}

/// Two texts with a colon between them, or the one that is there.
pub(crate) fn joined(first: &str, second: &str) -> String {
    match (first, second) {
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{first}: {second}"),
    }
}

/// One condition of a status.
pub(crate) struct Condition<'a>(&'a Value);

impl<'a> Condition<'a> {
    /// The condition of a type.
    pub(crate) fn of(object: &'a Value, kind: &str) -> Option<Self> {
        Self::all(object).find(|condition| condition.kind() == kind)
    }

    /// All of them.
    pub(crate) fn all(object: &'a Value) -> impl Iterator<Item = Self> {
        items(object, "/status/conditions").iter().map(Self)
    }

    /// Its type.
    pub(crate) fn kind(&self) -> &'a str {
        text(self.0, "/type")
    }

    /// Whether it holds.
    pub(crate) fn is_true(&self) -> bool {
        text(self.0, "/status") == "True"
    }

    /// Whether it is known not to hold, unlike one that is unknown.
    pub(crate) fn is_false(&self) -> bool {
        text(self.0, "/status") == "False"
    }

    /// The word for why.
    pub(crate) fn reason(&self) -> &'a str {
        text(self.0, "/reason")
    }

    /// The sentence for why.
    pub(crate) fn message(&self) -> &'a str {
        text(self.0, "/message")
    }

    /// When it was last looked at, in the server's words.
    pub(crate) fn updated(&self) -> &'a str {
        text(self.0, "/lastUpdateTime")
    }

    /// The word and the sentence for why.
    pub(crate) fn why(&self) -> String {
        joined(self.reason(), self.message())
    }

    /// Whether it tells of an older generation than the object has; only some controllers say.
    pub(crate) fn is_stale(&self, object: &Value) -> bool {
        let generation = number(object, "/metadata/generation");
        number(self.0, "/observedGeneration").zip(generation).is_some_and(|(observed, now)| observed < now)
    }
}

#[cfg(test)]
mod tests {
    use kube::core::GroupVersionKind;

    use super::*;

    #[test]
    fn an_item_of_a_list_is_known_by_its_kind() {
        let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("apps", "v1", "Deployment"));
        let item =
            serde_json::from_value(serde_json::json!({"metadata": {"name": "web"}, "spec": {"replicas": 2}}))
                .unwrap();
        let object = with_kind(item, &resource).unwrap();
        assert_eq!((group(&object), kind(&object), name(&object)), ("apps", "Deployment", "web"));
        assert_eq!(number(&object, "/spec/replicas"), Some(2));
    }
}
