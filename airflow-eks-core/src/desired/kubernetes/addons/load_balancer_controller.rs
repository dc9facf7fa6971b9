//! The AWS Load Balancer Controller.
//! See <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;

use super::values::{ServiceAccount, replicas, resources};
use super::{AddonRelease, Addons, KUBE_SYSTEM, chart};
use crate::desired::Names;
use crate::spec::AddonKind;
use crate::stack::Stack;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    replica_count: u32,
    cluster_name: String,
    region: String,
    /// It would otherwise ask the instance's metadata, which pods do not reach.
    vpc_id: String,
    service_account: ServiceAccount,
    /// With it, nobody could make a Service while the controller does not run.
    enable_service_mutator_webhook: bool,
    /// Each upgrade would otherwise make another certificate.
    #[serde(rename = "keepTLSSecret")]
    keep_tls_secret: bool,
    resources: ResourceRequirements,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::AwsLoadBalancerController;
    let names = Names::of(stack);
    let values = Values {
        replica_count: replicas(stack),
        cluster_name: names.cluster().to_owned(),
        region: stack.spec().region.to_string(),
        vpc_id: names.vpc(),
        service_account: ServiceAccount::with_role(stack, kind),
        enable_service_mutator_webhook: false,
        keep_tls_secret: true,
        resources: resources("100m", "128Mi", Some("256Mi")),
    };
    let id = (KUBE_SYSTEM, "aws-load-balancer-controller");
    addons.releases.push(AddonRelease::new(stack, kind, chart::LOAD_BALANCER_CONTROLLER, id, &values));
}
