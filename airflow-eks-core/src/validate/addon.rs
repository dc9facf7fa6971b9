//! Add-ons: what cannot be left out, and what needs what.

use super::{Check, at};
use crate::spec::AddonKind;

/// The cluster does not work without these.
const CRITICAL: &[(AddonKind, &str)] = &[
    (AddonKind::VpcCni, "pods would get no addresses"),
    (AddonKind::Coredns, "no name would be found"),
    (AddonKind::KubeProxy, "no service would be reached"),
];

/// What an add-on needs to be of use.
const NEEDS: &[(AddonKind, AddonKind)] = &[
    (AddonKind::AmazonManagedPrometheus, AddonKind::KubePrometheusStack),
    (AddonKind::Kubecost, AddonKind::KubePrometheusStack),
];

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let path = |kind: AddonKind| at("addons").key(kind.key());
    for (kind, without) in CRITICAL {
        check.ensure(
            spec.addon_enabled(*kind),
            &path(*kind).key("enabled"),
            format!("`{}` cannot be turned off: {without}", kind.key()),
            "remove `enabled: false`",
        );
    }
    for (kind, needed) in NEEDS {
        check.ensure_reading(
            &[path(*kind), path(*needed)],
            !spec.addon_enabled(*kind) || spec.addon_enabled(*needed),
            &path(*kind),
            format!("`{}` has nothing to work with while `{}` is off", kind.key(), needed.key()),
            format!("turn `{}` on, or `{}` off", needed.key(), kind.key()),
        );
    }
    for kind in AddonKind::ALL {
        let addon = spec.addons.get(*kind);
        check.ensure_reading(
            &[path(*kind)],
            spec.addon_enabled(*kind) || (addon.values.is_empty() && addon.version.is_none()),
            &path(*kind),
            format!("`{}` is off, so that its settings have no effect", kind.key()),
            "remove the settings, or write `enabled: true`",
        );
    }
    // Where nothing could run anything, that alone is the problem.
    let no_group = !check.has_node_groups() && !spec.fargate_profiles.is_empty();
    check.ensure_reading(
        &[path(AddonKind::ClusterAutoscaler)],
        !spec.addon_enabled(AddonKind::ClusterAutoscaler) || !no_group || check.cluster_exists(),
        &path(AddonKind::ClusterAutoscaler),
        "there is no node group that the Cluster Autoscaler could change",
        "write `clusterAutoscaler: {enabled: false}`, or add a node group",
    );
    switches(check);
    karpenter(check);
}

/// Add-ons that another part of the stack cannot do without.
fn switches(check: &mut Check<'_>) {
    use crate::spec::{PodIdentity, SecretDelivery};
    let spec = check.spec;
    let made_elsewhere = check.cluster_exists();
    for (kind, wanted, by, read) in [
        (AddonKind::SparkOperator, spec.spark.enabled, "spark: {enabled: true}", at("spark").key("enabled")),
        (
            AddonKind::ExternalSecrets,
            spec.secrets == SecretDelivery::ExternalSecrets,
            "secrets: external-secrets",
            at("secrets"),
        ),
        (
            AddonKind::PodIdentityAgent,
            spec.identities.provider == PodIdentity::PodIdentity,
            "identities.provider",
            at("identities").key("provider"),
        ),
        (
            AddonKind::AwsLoadBalancerController,
            spec.airflow.ingress.enabled,
            "airflow.ingress",
            at("airflow").key("ingress").key("enabled"),
        ),
    ] {
        check.ensure_reading(
            &[read],
            !wanted || made_elsewhere || spec.addon_enabled(kind),
            &at("addons").key(kind.key()).key("enabled"),
            format!("`{}` is off, but `{by}` needs it", kind.key()),
            format!("turn it on, or change `{by}`"),
        );
    }
}

/// The first Karpenter release that works with each Kubernetes minor version.
/// See <https://karpenter.sh/docs/upgrading/compatibility/>.
const KARPENTER: &[(u32, &str)] =
    &[(32, "1.2.0"), (33, "1.5.0"), (34, "1.6.0"), (35, "1.9.0"), (36, "1.13.0")];

fn karpenter(check: &mut Check<'_>) {
    let cluster = &check.spec.cluster.version;
    let Some(version) = &check.spec.addons.get(AddonKind::Karpenter).version else { return };
    let Some((_, floor)) = KARPENTER.iter().find(|(minor, _)| *minor == cluster.minor()) else { return };
    let parse = |text: &str| semver::Version::parse(text.trim_start_matches('v')).ok();
    check.ensure_reading(
        &[at("cluster").key("version")],
        parse(version.as_str()) >= parse(floor),
        &at("addons").key("karpenter").key("version"),
        format!("Karpenter {version} does not work with Kubernetes {cluster}"),
        format!("choose {floor} or later"),
    );
}
