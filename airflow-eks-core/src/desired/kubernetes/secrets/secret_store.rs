//! Where the External Secrets Operator reads: Secrets Manager, with the role of one service account in the namespace.

use super::super::metadata::namespaced;
use super::super::service_account::service_account;
use crate::custom_resources::external_secrets::{
    AwsAuth, AwsJwtAuth, AwsProvider, AwsService, SecretStore, SecretStoreProvider, SecretStoreSpec,
    ServiceAccountReference,
};
use crate::graph::KubernetesObject;
use crate::spec::PodIdentity;
use crate::stack::Stack;

/// The name of the store, and of the service account that it reads with.
pub(super) const STORE: &str = "airflow-secrets";

pub(super) fn objects(stack: &Stack, namespace: &str) -> Vec<KubernetesObject> {
    // With Pod Identity the operator's own service account has the role; a token of another cannot be traded for one.
    let reader = (stack.spec().identities.provider == PodIdentity::Irsa).then_some(STORE);
    let auth = reader.map(|name| AwsAuth {
        jwt: Some(AwsJwtAuth {
            service_account_ref: Some(ServiceAccountReference {
                name: name.to_owned(),
                ..ServiceAccountReference::default()
            }),
        }),
    });
    let store = SecretStore::new(
        namespaced(stack, namespace, STORE, "secrets"),
        SecretStoreSpec {
            provider: SecretStoreProvider {
                aws: Some(AwsProvider {
                    service: AwsService::SecretsManager,
                    region: stack.spec().region.to_string(),
                    auth,
                    ..AwsProvider::default()
                }),
            },
            ..SecretStoreSpec::default()
        },
    );
    let account = reader.map(|name| service_account(stack, namespace, name, "secrets", Some(name)));
    account.into_iter().chain([KubernetesObject::of(&store)]).collect()
}
