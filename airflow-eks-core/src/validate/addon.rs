//! Add-ons: what cannot be left out, what needs what, and where charts come from.

use super::{Check, at};
use crate::desired::names;
use crate::problem::Path;
use crate::spec::{Addon, AddonChart, AddonDelivery, AddonKind};

/// The cluster does not work without these.
const CRITICAL: &[(AddonKind, &str)] = &[
    (AddonKind::VpcCni, "pods would get no addresses"),
    (AddonKind::Coredns, "no name would be found"),
    (AddonKind::KubeProxy, "no service would be reached"),
];

/// What an add-on needs to be of use.
const NEEDS: &[(AddonKind, AddonKind)] =
    &[(AddonKind::AmazonManagedPrometheus, AddonKind::KubePrometheusStack)];

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
            spec.addon_enabled(*kind) || *addon == Addon { enabled: addon.enabled, ..Addon::default() },
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
    history_server(check);
    for kind in AddonKind::ALL {
        chart(check, *kind);
    }
}

/// Each team has a history server of its own, whose release is named after it.
fn history_server(check: &mut Check<'_>) {
    let spec = check.spec;
    if !spec.addon_enabled(AddonKind::SparkHistoryServer) {
        return;
    }
    let path = at("addons").key(AddonKind::SparkHistoryServer.key());
    let teams = at("spark").key("teams");
    check.ensure_reading(
        &[path.clone(), at("spark")],
        spec.addons.spark_history_server.enabled != Some(true)
            || (spec.spark.enabled && !spec.spark.teams.is_empty()),
        &path.key("enabled"),
        "there is no Spark team whose applications it could show",
        "add a team to `spark.teams` and write `spark.enabled: true`, or turn it off",
    );
    for (position, team) in spec.spark.teams.iter().enumerate() {
        let release = names::history_release(team);
        check.ensure_reading(
            std::slice::from_ref(&path),
            release.len() <= names::LONGEST_RELEASE,
            &teams.index(position).key("name"),
            format!("the Helm release `{release}` would have {} characters", release.len()),
            format!(
                "Helm allows {}: use a shorter name, or turn the history server off",
                names::LONGEST_RELEASE
            ),
        );
    }
}

/// Where the chart of an add-on comes from, where the stack says so.
fn chart(check: &mut Check<'_>, kind: AddonKind) {
    let addon = check.spec.addons.get(kind);
    let Some(chart) = &addon.chart else { return };
    let at_addon = at("addons").key(kind.key());
    let path = at_addon.key("chart");
    check.ensure(
        kind.delivery() == AddonDelivery::Chart,
        &path,
        format!("`{}` is not installed from a chart", kind.key()),
        "remove `chart`",
    );
    one_source(check, &path, chart);
    let remote = chart.repository.is_some() || chart.oci.is_some();
    check.ensure_reading(
        &[path.clone(), at_addon.key("version")],
        !remote || addon.version.is_some(),
        &path,
        "a chart from elsewhere needs the version that is there",
        format!("write `version` in full beside `addons.{}.chart`", kind.key()),
    );
    check.ensure_reading(
        std::slice::from_ref(&path),
        remote || chart.path.is_none() || addon.version.is_none(),
        &at_addon.key("version"),
        "a chart on this machine says its version itself",
        "remove `version`",
    );
}

fn one_source(check: &mut Check<'_>, path: &Path, chart: &AddonChart) {
    let sources = [chart.repository.is_some(), chart.oci.is_some(), chart.path.is_some()];
    check.ensure_reading(
        std::slice::from_ref(path),
        sources.into_iter().filter(|given| *given).count() == 1,
        path,
        "it has to be clear where the chart comes from",
        "write exactly one of `repository`, `oci` and `path`",
    );
    check.ensure_reading(
        std::slice::from_ref(path),
        chart.name.is_none() || chart.repository.is_some(),
        &path.key("name"),
        "only a chart in a repository is named beside it",
        "remove `name`: `oci` and `path` end with it",
    );
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
