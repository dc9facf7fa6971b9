//! Fargate profiles, and what Fargate cannot do.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/fargate.html>.

use super::{Check, at, no_repetition};
use crate::spec::AddonKind;

/// Add-ons that Fargate cannot run, each with the reason.
const IMPOSSIBLE: &[(AddonKind, &str)] = &[
    (AddonKind::EbsCsiDriver, "Fargate mounts no block volumes"),
    (AddonKind::CloudwatchMetrics, "it is a DaemonSet, which Fargate does not run"),
    (AddonKind::AwsForFluentBit, "it is a DaemonSet, which Fargate does not run"),
    (AddonKind::KubePrometheusStack, "it needs a DaemonSet and block volumes, which Fargate has neither of"),
];

pub(super) fn check(check: &mut Check<'_>) {
    let profiles = &check.spec.fargate_profiles;
    let path = at("fargateProfiles");
    no_repetition(check, &path, Some("name"), profiles.iter().map(|profile| profile.name.as_str()));
    check.ensure(
        profiles.len() <= 10,
        &path,
        format!("{} profiles are too many", profiles.len()),
        "EKS allows 10 in a cluster: let one profile select several namespaces, up to five",
    );
    for (position, profile) in profiles.iter().enumerate() {
        let path = path.index(position);
        check.ensure(
            (1..=5).contains(&profile.selectors.len()),
            &path.key("selectors"),
            format!("a profile has one to five selectors, not {}", profile.selectors.len()),
            "list one to five, such as `- namespace: airflow`, and make a second profile for more",
        );
        check.ensure(
            !profile.name.as_str().starts_with("eks-"),
            &path.key("name"),
            "names that begin with `eks-` belong to EKS",
            "choose another name",
        );
    }
    if !profiles.is_empty() && !check.has_node_groups() && !check.cluster_exists() {
        fargate_only(check);
    }
}

fn fargate_only(check: &mut Check<'_>) {
    let volume = &check.spec.airflow.dags.volume;
    check.ensure(
        volume.as_ref().is_none_or(|volume| volume.existing_claim.is_some()),
        &at("airflow").key("dags").key("volume"),
        "there is nothing but Fargate to run on, which mounts no volume that is made for a claim",
        "name a claim of an existing volume with `existingClaim`, or use `gitSync` without a volume",
    );
    for (kind, reason) in IMPOSSIBLE {
        check.ensure_reading(
            &[at("addons").key(kind.key())],
            !check.spec.addon_enabled(*kind),
            &at("addons").key(kind.key()),
            format!("there is nothing but Fargate to run on, and {reason}"),
            format!("write `{}: {{enabled: false}}`, or add a node group", kind.key()),
        );
    }
    let selected: Vec<&str> = check
        .spec
        .fargate_profiles
        .iter()
        .flat_map(|profile| &profile.selectors)
        .filter(|selector| selector.labels.is_empty())
        .map(|selector| selector.namespace.as_str())
        .collect();
    for namespace in ["kube-system", check.spec.airflow.namespace.as_str()] {
        check.ensure_reading(
            &[at("fargateProfiles"), at("airflow").key("namespace")],
            selected.contains(&namespace),
            &at("fargateProfiles"),
            format!("no profile selects the namespace `{namespace}`, so its pods would stay pending"),
            format!("add a profile with the selector `namespace: {namespace}`"),
        );
    }
}
