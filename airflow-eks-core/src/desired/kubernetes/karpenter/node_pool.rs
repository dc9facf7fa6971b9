//! Node pools: which nodes Karpenter may make, how many, and when it gives them back.
//! See <https://karpenter.sh/docs/concepts/nodepools/>.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Taint;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::metadata::cluster_wide;
use crate::custom_resources::karpenter::{
    Budget, ConsolidationPolicy, Disruption, NodeClaimTemplate, NodeClaimTemplateSpec, NodeClassReference,
    NodeMetadata, NodePool, NodePoolSpec, Requirement, RequirementOperator,
};
use crate::graph::KubernetesObject;
use crate::spec::{Consolidation, KarpenterNodePool, KarpenterSettings, NodeTaint};
use crate::stack::Stack;

pub(super) fn object(stack: &Stack, pool: &KarpenterNodePool) -> KubernetesObject {
    let settings = pool.settings();
    let limits = [("cpu", &settings.cpu_limit), ("memory", &settings.memory_limit)];
    KubernetesObject::of(&NodePool::new(
        cluster_wide(stack, pool.name.as_str(), "karpenter"),
        NodePoolSpec {
            template: template(pool, &settings),
            disruption: Some(disruption(pool, &settings)),
            limits: limits
                .into_iter()
                .map(|(key, limit)| (key.to_owned(), Quantity(limit.to_string())))
                .collect(),
            weight: Some(i32::from(settings.weight)),
            ..NodePoolSpec::default()
        },
    ))
}

fn template(pool: &KarpenterNodePool, settings: &KarpenterSettings) -> NodeClaimTemplate {
    let labels: BTreeMap<String, String> =
        settings.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    NodeClaimTemplate {
        metadata: Some(NodeMetadata { labels, ..NodeMetadata::default() }),
        spec: NodeClaimTemplateSpec {
            node_class_ref: NodeClassReference {
                group: "karpenter.k8s.aws".to_owned(),
                kind: "EC2NodeClass".to_owned(),
                name: pool.name.to_string(),
            },
            requirements: requirements(pool, settings),
            taints: settings.taints.iter().map(taint).collect(),
            expire_after: Some(settings.expire_after.to_string()),
            ..NodeClaimTemplateSpec::default()
        },
    }
}

fn requirements(pool: &KarpenterNodePool, settings: &KarpenterSettings) -> Vec<Requirement> {
    let mut requirements = vec![
        one_of(
            "karpenter.sh/capacity-type",
            settings.capacity_types.iter().map(|c| c.karpenter_label().to_owned()),
        ),
        one_of("kubernetes.io/arch", settings.architectures.iter().map(|a| a.as_str().to_owned())),
        one_of("kubernetes.io/os", ["linux".to_owned()]),
    ];
    if !settings.instance_families.is_empty() {
        let families = settings.instance_families.iter().map(ToString::to_string);
        requirements.push(one_of("karpenter.k8s.aws/instance-family", families));
    }
    if !settings.instance_types.is_empty() {
        let types = settings.instance_types.iter().map(ToString::to_string);
        requirements.push(one_of("node.kubernetes.io/instance-type", types));
    }
    // Karpenter's bounds exclude the number itself.
    if let Some(least) = pool.min_cpu {
        requirements.push(bound(RequirementOperator::Gt, u64::from(least).saturating_sub(1)));
    }
    if let Some(most) = pool.max_cpu {
        requirements.push(bound(RequirementOperator::Lt, u64::from(most) + 1));
    }
    if let Some(zones) = &pool.zones {
        requirements.push(one_of("topology.kubernetes.io/zone", zones.iter().map(ToString::to_string)));
    }
    requirements
}

fn one_of(key: &str, values: impl IntoIterator<Item = String>) -> Requirement {
    Requirement {
        key: key.to_owned(),
        operator: RequirementOperator::In,
        values: values.into_iter().collect(),
        ..Requirement::default()
    }
}

fn bound(operator: RequirementOperator, number: u64) -> Requirement {
    Requirement {
        key: "karpenter.k8s.aws/instance-cpu".to_owned(),
        operator,
        values: vec![number.to_string()],
        ..Requirement::default()
    }
}

fn disruption(pool: &KarpenterNodePool, settings: &KarpenterSettings) -> Disruption {
    let budgets = pool.disruption_budgets.iter().map(|budget| Budget {
        nodes: budget.nodes.clone(),
        schedule: budget.schedule.clone(),
        duration: budget.duration.as_ref().map(ToString::to_string),
        ..Budget::default()
    });
    Disruption {
        consolidate_after: settings.consolidate_after.to_string(),
        consolidation_policy: Some(match settings.consolidation {
            Consolidation::WhenEmpty => ConsolidationPolicy::WhenEmpty,
            Consolidation::WhenEmptyOrUnderutilized => ConsolidationPolicy::WhenEmptyOrUnderutilized,
        }),
        budgets: budgets.collect(),
    }
}

fn taint(taint: &NodeTaint) -> Taint {
    Taint {
        key: taint.key.to_string(),
        value: taint.value.as_ref().map(ToString::to_string),
        effect: taint.effect.as_str().to_owned(),
        ..Taint::default()
    }
}
