//! What waits for a release: objects of a kind that its chart defines, and what its webhooks have a say in.

use serde_json::Value;

use super::AddonRelease;
use crate::graph::{KubernetesObject, ResourceId};
use crate::spec::AddonKind;

/// The add-on that defines the kinds of a group, or looks after them.
fn keeper(group: &str, kind: &str) -> Option<AddonKind> {
    Some(match (group, kind) {
        ("monitoring.coreos.com", _) => AddonKind::KubePrometheusStack,
        ("sparkoperator.k8s.io", _) => AddonKind::SparkOperator,
        ("external-secrets.io" | "generators.external-secrets.io", _) => AddonKind::ExternalSecrets,
        ("keda.sh" | "eventing.keda.sh", _) => AddonKind::Keda,
        ("karpenter.sh" | "karpenter.k8s.aws", _) => AddonKind::Karpenter,
        // Its webhook checks every Ingress, and refuses them all while it does not run.
        ("networking.k8s.io", "Ingress" | "IngressClass") | ("elbv2.k8s.aws", _) => {
            AddonKind::AwsLoadBalancerController
        }
        _ => return None,
    })
}

/// Every wait for or of the releases of add-ons.
pub(in super::super) fn waits(
    releases: &[AddonRelease],
    objects: &[KubernetesObject],
) -> Vec<(ResourceId, ResourceId)> {
    let mut waits = Vec::new();
    for release in releases {
        waits.extend(release.after.iter().map(|earlier| (release.id(), earlier.clone())));
        for object in objects {
            if keeper(&object.id.group, &object.id.kind) == Some(release.kind) {
                waits.push((object.resource_id(), release.id()));
            }
        }
        if has_service_webhook(release) {
            let services = objects.iter().filter(|object| object.id.kind == "Service");
            waits.extend(services.map(|service| (service.resource_id(), release.id())));
            let others = releases.iter().filter(|other| other.kind != release.kind);
            waits.extend(others.map(|other| (other.id(), release.id())));
        }
    }
    waits
}

/// Whether no Service can be made while the AWS Load Balancer Controller does not run. The stack turns that webhook off; its
/// chart, and with it the user, may turn it on.
fn has_service_webhook(release: &AddonRelease) -> bool {
    release.kind == AddonKind::AwsLoadBalancerController
        && release
            .release
            .values
            .get("enableServiceMutatorWebhook")
            .is_none_or(|on| *on != Value::Bool(false))
}
