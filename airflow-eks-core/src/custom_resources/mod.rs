//! The custom resources that are rendered, as types: no client, no validation, only what their schemas hold.
//!
//! Every field has the name and type that the custom resource definition gives it. What is not set is not
//! written, so that the defaults stay those of the API server and of the controller behind it. Types of
//! Kubernetes itself, such as tolerations and volumes, are those of [`k8s_openapi`].

use std::borrow::Cow;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny},
};

/// Declares a kind: the object of `metadata` and `spec`, and what Kubernetes clients ask of its type.
macro_rules! custom_resource {
    (
        $(#[$documentation:meta])*
        $kind:ident($spec:ty) = $group:literal / $version:literal / $plural:literal, $scope:ident
    ) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $kind {
            /// Name, labels and annotations.
            pub metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
        }

        impl $kind {
            /// Group and version of the API, as written in a manifest.
            pub const API_VERSION: &'static str = concat!($group, "/", $version);
            /// The kind, as written in a manifest.
            pub const KIND: &'static str = stringify!($kind);

            /// An object of this kind.
            #[must_use]
            pub fn new(
                metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
                spec: $spec,
            ) -> Self {
                Self { metadata, spec }
            }
        }

        impl k8s_openapi::Resource for $kind {
            const API_VERSION: &'static str = Self::API_VERSION;
            const GROUP: &'static str = $group;
            const KIND: &'static str = Self::KIND;
            const VERSION: &'static str = $version;
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = k8s_openapi::$scope;
        }

        impl k8s_openapi::Metadata for $kind {
            type Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

            fn metadata(&self) -> &Self::Ty {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Ty {
                &mut self.metadata
            }
        }

        impl serde::Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::custom_resources::write(
                    (Self::API_VERSION, Self::KIND),
                    (&self.metadata, &self.spec),
                    serializer,
                )
            }
        }

        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let (metadata, spec) =
                    $crate::custom_resources::read((Self::API_VERSION, Self::KIND), deserializer)?;
                Ok(Self { metadata, spec })
            }
        }

        impl schemars::JsonSchema for $kind {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                Self::KIND.into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($kind)).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::custom_resources::schema::<$spec>((Self::API_VERSION, Self::KIND), generator)
            }
        }
    };
}

pub mod argo_cd;
pub mod external_secrets;
pub mod flux;
pub mod karpenter;
pub mod prometheus;
pub mod spark;

/// `apiVersion` and `kind`.
type TypeNames = (&'static str, &'static str);

/// The document around a specification. Its fields are in the order in which people write them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document<'a, Metadata, Spec> {
    api_version: Cow<'a, str>,
    kind: Cow<'a, str>,
    metadata: Metadata,
    spec: Spec,
    /// Belongs to the controller: an object that comes from a cluster has one, and it is not ours to keep.
    #[serde(default, skip_serializing, rename = "status")]
    _status: IgnoredAny,
}

fn write<Spec: Serialize, S: Serializer>(
    (api_version, kind): TypeNames,
    (metadata, spec): (&ObjectMeta, &Spec),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let (api_version, kind) = (api_version.into(), kind.into());
    Document { api_version, kind, metadata, spec, _status: IgnoredAny }.serialize(serializer)
}

fn read<'de, Spec: Deserialize<'de>, D: Deserializer<'de>>(
    (api_version, kind): TypeNames,
    deserializer: D,
) -> Result<(ObjectMeta, Spec), D::Error> {
    let document = Document::<ObjectMeta, Spec>::deserialize(deserializer)?;
    if document.api_version != api_version || document.kind != kind {
        return Err(D::Error::custom(format_args!(
            "expected a {kind} of {api_version}, found a {} of {}",
            document.kind, document.api_version
        )));
    }
    Ok((document.metadata, document.spec))
}

fn schema<Spec: JsonSchema>((api_version, kind): TypeNames, generator: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "apiVersion": { "type": "string", "const": api_version },
            "kind": { "type": "string", "const": kind },
            "metadata": generator.subschema_for::<ObjectMeta>(),
            "spec": generator.subschema_for::<Spec>(),
        },
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests;
