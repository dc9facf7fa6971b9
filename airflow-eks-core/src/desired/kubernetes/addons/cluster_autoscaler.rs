//! The Cluster Autoscaler, which changes the size of managed node groups.
//! See <https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md>.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;
use serde_json::{Value, json};

use super::values::{ServiceAccount, resources};
use super::{AddonRelease, Addons, KUBE_SYSTEM, chart};
use crate::desired::Names;
use crate::spec::AddonKind;
use crate::stack::Stack;

/// The minor versions of Kubernetes whose first release of it is known: it simulates that version's scheduler.
const KNOWN: std::ops::RangeInclusive<u32> = 32..=35;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    cloud_provider: &'static str,
    aws_region: String,
    auto_discovery: AutoDiscovery,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
    rbac: Rbac,
    extra_args: BTreeMap<&'static str, Value>,
    resources: ResourceRequirements,
}

/// The groups are found by the tags that EKS puts on those of its managed node groups.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AutoDiscovery {
    cluster_name: String,
}

#[derive(Debug, Serialize)]
struct Image {
    tag: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rbac {
    service_account: ServiceAccount,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::ClusterAutoscaler;
    let spec = stack.spec();
    let minor = spec.cluster.version.minor();
    // Of a cluster that was there before, the version is not known.
    let known = spec.cluster.existing.is_none() && KNOWN.contains(&minor);
    let values = Values {
        cloud_provider: "aws",
        aws_region: spec.region.to_string(),
        auto_discovery: AutoDiscovery { cluster_name: Names::of(stack).cluster().to_owned() },
        image: known.then(|| Image { tag: format!("v1.{minor}.0") }),
        rbac: Rbac { service_account: ServiceAccount::with_role(stack, kind) },
        extra_args: [("balance-similar-node-groups", json!(true)), ("expander", json!("least-waste"))].into(),
        resources: resources("100m", "600Mi", Some("600Mi")),
    };
    let id = (KUBE_SYSTEM, "cluster-autoscaler");
    addons.releases.push(AddonRelease::new(stack, kind, chart::CLUSTER_AUTOSCALER, id, &values));
}
