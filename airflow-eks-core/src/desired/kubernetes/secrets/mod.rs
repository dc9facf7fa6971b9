//! Kubernetes secrets: written by `apply`, or read from Secrets Manager by the External Secrets Operator.

mod external_secret;
mod secret_store;
mod template;

pub(super) use template::SecretTemplate;

use k8s_openapi::api::core::v1::Secret;

use super::metadata::namespaced;
use crate::graph::KubernetesObject;
use crate::spec::SecretDelivery;
use crate::stack::Stack;

/// A secret whose entries are templates of late values, in the form that the stack asks for.
pub(super) fn secret(
    stack: &Stack,
    namespace: &str,
    name: &str,
    component: &str,
    entries: Vec<(&str, SecretTemplate)>,
) -> KubernetesObject {
    match stack.spec().secrets {
        SecretDelivery::ExternalSecrets => {
            external_secret::external_secret(stack, namespace, name, component, entries)
        }
        SecretDelivery::Direct => KubernetesObject::of(&Secret {
            metadata: namespaced(stack, namespace, name, component),
            string_data: Some(
                entries.into_iter().map(|(key, template)| (key.to_owned(), template.marked())).collect(),
            ),
            type_: Some("Opaque".to_owned()),
            ..Secret::default()
        }),
    }
}

/// What reading secrets needs in a namespace: nothing where `apply` writes them.
pub(super) fn store(stack: &Stack, namespace: &str) -> Vec<KubernetesObject> {
    match stack.spec().secrets {
        SecretDelivery::ExternalSecrets => secret_store::objects(stack, namespace),
        SecretDelivery::Direct => Vec::new(),
    }
}
