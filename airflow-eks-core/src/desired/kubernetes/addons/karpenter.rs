//! Karpenter, and its definitions as a release of their own: Helm never changes what lies in a chart's folder `crds`.
//! See <https://karpenter.sh/docs/upgrading/upgrade-guide/#crd-upgrades>.

use k8s_openapi::api::core::v1::{
    Affinity, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, ResourceRequirements,
};
use serde::Serialize;
use serde_json::Map;

use super::super::namespace::namespace;
use super::values::{ServiceAccount, replicas, resources};
use super::{AddonRelease, Addons, chart};
use crate::aws_resources::AwsKind;
use crate::desired::Names;
use crate::graph::{AwsId, HelmRelease, Late, Output, ReleaseId};
use crate::spec::{AddonKind, NatGateways};
use crate::stack::Stack;

const NAME: &str = "karpenter";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    replicas: u32,
    service_account: ServiceAccount,
    affinity: Affinity,
    controller: Controller,
    settings: Settings,
}

#[derive(Debug, Serialize)]
struct Controller {
    resources: ResourceRequirements,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    cluster_name: String,
    cluster_endpoint: String,
    interruption_queue: String,
    /// Prices cannot be asked for where there is no way to the internet: AWS has no endpoint for them.
    #[serde(rename = "isolatedVPC")]
    isolated_vpc: bool,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::Karpenter;
    let names = Names::of(stack);
    let values = Values {
        replicas: replicas(stack),
        service_account: ServiceAccount::with_role(stack, kind),
        affinity: never_on_its_own_nodes(),
        controller: Controller { resources: resources("500m", "1Gi", Some("1Gi")) },
        settings: Settings {
            cluster_name: names.cluster().to_owned(),
            cluster_endpoint: Late::Output(Output::ClusterEndpoint).mark(),
            interruption_queue: names.interruption_queue(),
            isolated_vpc: stack.spec().network.nat_gateways == Some(NatGateways::None),
        },
    };
    let mut karpenter = AddonRelease::new(stack, kind, chart::KARPENTER, (NAME, NAME), &values);
    karpenter.release.skip_crds = true;
    let definitions = AddonRelease {
        kind,
        release: HelmRelease::new(
            ReleaseId::new(NAME, "karpenter-crd"),
            chart::definitions(&karpenter.release.chart),
            Map::new().into(),
        ),
        after: Vec::new(),
    };
    let karpenter = karpenter.after(definitions.id()).after(AwsId::new(AwsKind::Queue, NAME));
    addons.objects.push(namespace(stack, NAME, NAME));
    addons.releases.extend([definitions, karpenter]);
}

/// It would otherwise take away the node that it runs on.
fn never_on_its_own_nodes() -> Affinity {
    let elsewhere = NodeSelectorRequirement {
        key: "karpenter.sh/nodepool".to_owned(),
        operator: "DoesNotExist".to_owned(),
        ..NodeSelectorRequirement::default()
    };
    let term = NodeSelectorTerm { match_expressions: Some(vec![elsewhere]), ..NodeSelectorTerm::default() };
    Affinity {
        node_affinity: Some(NodeAffinity {
            required_during_scheduling_ignored_during_execution: Some(NodeSelector {
                node_selector_terms: vec![term],
            }),
            ..NodeAffinity::default()
        }),
        ..Affinity::default()
    }
}
