//! Service accounts, and the IAM role that each stands for.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::metadata::{annotated, namespaced};
use crate::desired::Names;
use crate::graph::KubernetesObject;
use crate::spec::PodIdentity;
use crate::stack::Stack;

/// A service account. Where `role` names an IAM role and the cluster uses IRSA, an annotation ties the two together; with
/// Pod Identity an association on the AWS side does.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>.
pub(super) fn service_account(
    stack: &Stack,
    namespace: &str,
    name: &str,
    component: &str,
    role: Option<&str>,
) -> KubernetesObject {
    let metadata = namespaced(stack, namespace, name, component);
    let metadata = match (role, stack.spec().identities.provider) {
        (Some(role), PodIdentity::Irsa) => {
            annotated(metadata, "eks.amazonaws.com/role-arn", Names::of(stack).role_arn(role))
        }
        _ => metadata,
    };
    KubernetesObject::of(&ServiceAccount { metadata, ..ServiceAccount::default() })
}
