//! Secrets that the External Secrets Operator reads from AWS Secrets Manager.

use std::collections::BTreeSet;

use super::super::metadata::namespaced;
use super::secret_store::STORE;
use super::template::{SecretTemplate, template_key};
use crate::custom_resources::external_secrets::{
    CreationPolicy, DeletionPolicy, ExternalSecret, ExternalSecretData, ExternalSecretSpec,
    ExternalSecretTarget, ExternalSecretTemplate, RemoteReference, SecretStoreKind, SecretStoreReference,
    TemplateEngineVersion,
};
use crate::desired::Names;
use crate::graph::{GeneratedSecret, KubernetesObject};
use crate::stack::Stack;

pub(super) fn external_secret(
    stack: &Stack,
    namespace: &str,
    name: &str,
    component: &str,
    entries: Vec<(&str, SecretTemplate)>,
) -> KubernetesObject {
    let secrets: BTreeSet<GeneratedSecret> =
        entries.iter().flat_map(|(_, template)| template.secrets()).collect();
    let data = secrets.into_iter().map(|secret| ExternalSecretData {
        secret_key: template_key(secret),
        remote_ref: RemoteReference { key: Names::of(stack).secret(secret), ..RemoteReference::default() },
        ..ExternalSecretData::default()
    });
    let template = ExternalSecretTemplate {
        data: entries
            .iter()
            .map(|(key, template)| ((*key).to_owned(), template.operator_template()))
            .collect(),
        engine_version: Some(TemplateEngineVersion::V2),
        ..ExternalSecretTemplate::default()
    };
    KubernetesObject::of(&ExternalSecret::new(
        namespaced(stack, namespace, name, component),
        ExternalSecretSpec {
            secret_store_ref: Some(SecretStoreReference {
                name: Some(STORE.to_owned()),
                kind: Some(SecretStoreKind::SecretStore),
            }),
            refresh_interval: Some("1h".to_owned()),
            target: Some(ExternalSecretTarget {
                name: Some(name.to_owned()),
                creation_policy: Some(CreationPolicy::Owner),
                // What runs keeps its secrets even when somebody deletes them in Secrets Manager.
                deletion_policy: Some(DeletionPolicy::Retain),
                template: Some(template),
                ..ExternalSecretTarget::default()
            }),
            data: data.collect(),
            ..ExternalSecretSpec::default()
        },
    ))
}
