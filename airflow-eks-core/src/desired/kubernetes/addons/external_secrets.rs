//! The External Secrets Operator.
//! See <https://external-secrets.io/latest/introduction/getting-started/>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;

use super::super::namespace::namespace;
use super::values::{ServiceAccount, resources};
use super::{AddonRelease, Addons, chart};
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAME: &str = "external-secrets";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    /// With IRSA it takes on the role of an account that a store names. With Pod Identity this account has the role.
    service_account: ServiceAccount,
    resources: ResourceRequirements,
    webhook: Pods,
    cert_controller: Pods,
}

#[derive(Debug, Serialize)]
struct Pods {
    resources: ResourceRequirements,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::ExternalSecrets;
    let small = || resources("20m", "64Mi", Some("256Mi"));
    let values = Values {
        service_account: ServiceAccount::without_role(kind),
        resources: small(),
        webhook: Pods { resources: small() },
        cert_controller: Pods { resources: small() },
    };
    addons.objects.push(namespace(stack, NAME, NAME));
    addons.releases.push(AddonRelease::new(stack, kind, chart::EXTERNAL_SECRETS, (NAME, NAME), &values));
}
