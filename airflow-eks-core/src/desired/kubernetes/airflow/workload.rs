//! Deployments of a release: what they all have in common.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::api::core::v1::{
    Affinity, Container, LocalObjectReference, PodAffinityTerm, PodAntiAffinity, PodSecurityContext, PodSpec,
    PodTemplateSpec, SeccompProfile, Volume, WeightedPodAffinityTerm,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::super::metadata::{labelled, map, namespaced};
use super::{Component, Release};
use crate::graph::KubernetesObject;
use crate::spec::PodSettings;

/// Numeric users of the images: a name could not be checked against `runAsNonRoot`.
pub(super) const AIRFLOW_USER: i64 = 50000;
pub(super) const NOBODY: i64 = 65534;
pub(super) const GIT_SYNC_USER: i64 = 65533;

/// The pods of one component.
pub(super) struct Pods<'a> {
    pub(super) component: Component,
    pub(super) settings: &'a PodSettings,
    pub(super) user: i64,
    pub(super) grace_seconds: i64,
    pub(super) annotations: BTreeMap<String, String>,
    pub(super) init_containers: Vec<Container>,
    pub(super) containers: Vec<Container>,
    pub(super) volumes: Vec<Volume>,
}

impl Pods<'_> {
    /// The pod template.
    pub(super) fn template(self, release: Release<'_>) -> PodTemplateSpec {
        let mut annotations = self.annotations.clone();
        annotations.extend(self.settings.annotations.clone());
        let mut labels = self.settings.labels.clone();
        labels.extend(selector(release, self.component));
        let metadata = ObjectMeta {
            annotations: (!annotations.is_empty()).then_some(annotations),
            labels: Some(labels),
            ..ObjectMeta::default()
        };
        PodTemplateSpec { metadata: Some(metadata), spec: Some(self.spec(release)) }
    }

    /// The pod's specification.
    pub(super) fn spec(self, release: Release<'_>) -> PodSpec {
        let settings = self.settings;
        PodSpec {
            service_account_name: Some(release.name(self.component)),
            security_context: Some(security_context(self.user)),
            termination_grace_period_seconds: Some(self.grace_seconds),
            init_containers: (!self.init_containers.is_empty()).then_some(self.init_containers),
            containers: self.containers,
            volumes: (!self.volumes.is_empty()).then_some(self.volumes),
            image_pull_secrets: pull_secrets(release),
            node_selector: (!settings.node_selector.is_empty()).then(|| settings.node_selector.clone()),
            tolerations: (!settings.tolerations.is_empty()).then(|| settings.tolerations.clone()),
            topology_spread_constraints: (!settings.topology_spread_constraints.is_empty())
                .then(|| settings.topology_spread_constraints.clone()),
            affinity: settings.affinity.clone().or_else(|| spread(release, self.component)),
            priority_class_name: settings.priority_class_name.clone(),
            ..PodSpec::default()
        }
    }
}

/// Labels that find a component's pods. They never change, because a selector cannot.
pub(super) fn selector(release: Release<'_>, component: Component) -> BTreeMap<String, String> {
    map([
        ("component", component.name(release.is_3())),
        ("release", release.spec.name.as_str()),
        ("tier", "airflow"),
    ])
}

/// The metadata of one of a component's objects.
pub(super) fn metadata(release: Release<'_>, component: Component, name: &str) -> ObjectMeta {
    let metadata = namespaced(release.stack, release.namespace(), name, component.name(release.is_3()));
    labelled(metadata, selector(release, component))
}

/// What every pod runs as: one fixed user, never root, with the system calls that the runtime allows by default.
pub(super) fn security_context(user: i64) -> PodSecurityContext {
    PodSecurityContext {
        run_as_user: Some(user),
        run_as_non_root: Some(true),
        fs_group: Some(0),
        seccomp_profile: Some(SeccompProfile {
            type_: "RuntimeDefault".to_owned(),
            ..SeccompProfile::default()
        }),
        ..PodSecurityContext::default()
    }
}

fn pull_secrets(release: Release<'_>) -> Option<Vec<LocalObjectReference>> {
    let secrets = &release.spec.image_pull_secrets;
    let reference = |name: &crate::types::ObjectName| LocalObjectReference { name: name.to_string() };
    (!secrets.is_empty()).then(|| secrets.iter().map(reference).collect())
}

/// The pods of a component prefer different nodes. The selector names the release too: two releases do not push each
/// other apart.
fn spread(release: Release<'_>, component: Component) -> Option<Affinity> {
    Component::WITH_DATABASE.contains(&component).then(|| Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![WeightedPodAffinityTerm {
                weight: 100,
                pod_affinity_term: PodAffinityTerm {
                    topology_key: "kubernetes.io/hostname".to_owned(),
                    label_selector: Some(LabelSelector {
                        match_labels: Some(selector(release, component)),
                        ..LabelSelector::default()
                    }),
                    ..PodAffinityTerm::default()
                },
            }]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    })
}

/// How pods are replaced.
#[derive(Debug, Clone, Copy)]
pub(super) enum Replacement {
    /// New pods are ready before old ones go.
    Surge,
    /// As Kubernetes does by default.
    Default,
    /// Old pods are gone before new ones start, because two would write to one place.
    OneAtATime,
}

impl Replacement {
    fn strategy(self) -> Option<DeploymentStrategy> {
        let rolling = |surge, unavailable| DeploymentStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDeployment {
                max_surge: Some(IntOrString::Int(surge)),
                max_unavailable: Some(IntOrString::Int(unavailable)),
            }),
        };
        match self {
            Self::Surge => Some(rolling(1, 0)),
            Self::Default => None,
            Self::OneAtATime => {
                Some(DeploymentStrategy { type_: Some("Recreate".to_owned()), rolling_update: None })
            }
        }
    }
}

/// The Deployment of a component.
pub(super) fn deployment(
    release: Release<'_>,
    pods: Pods<'_>,
    replicas: u32,
    replacement: Replacement,
) -> KubernetesObject {
    let component = pods.component;
    KubernetesObject::of(&Deployment {
        metadata: metadata(release, component, &release.name(component)),
        spec: Some(DeploymentSpec {
            replicas: Some(i32::try_from(replicas).unwrap_or(i32::MAX)),
            selector: LabelSelector {
                match_labels: Some(selector(release, component)),
                ..LabelSelector::default()
            },
            strategy: replacement.strategy(),
            template: pods.template(release),
            ..DeploymentSpec::default()
        }),
        ..Deployment::default()
    })
}

/// At most one pod of the component is taken away at a time.
pub(super) fn disruption_budget(release: Release<'_>, component: Component) -> KubernetesObject {
    KubernetesObject::of(&PodDisruptionBudget {
        metadata: metadata(release, component, &format!("{}-pdb", release.name(component))),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(LabelSelector {
                match_labels: Some(selector(release, component)),
                ..LabelSelector::default()
            }),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    })
}
