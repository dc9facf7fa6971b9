//! Karpenter node pools.

use super::{Check, at, is_arm, no_repetition};
use crate::problem::Path;
use crate::spec::{AddonKind, Architecture, DisruptionBudget, KarpenterNodePool, KarpenterSettings};
use crate::types::AvailabilityZone;

/// Label domains that only Kubernetes and Karpenter themselves may write.
/// See <https://karpenter.sh/docs/concepts/nodepools/#spectemplatemetadatalabels>.
const RESERVED_DOMAINS: &[&str] = &["kubernetes.io", "k8s.io", "karpenter.sh", "karpenter.k8s.aws"];

pub(super) fn check(check: &mut Check<'_>) {
    let pools = &check.spec.karpenter_node_pools;
    let path = at("karpenterNodePools");
    no_repetition(check, &path, Some("name"), pools.iter().map(|pool| pool.name.as_str()));
    check.ensure_reading(
        &[at("addons").key(AddonKind::Karpenter.key())],
        pools.is_empty() || check.spec.addon_enabled(AddonKind::Karpenter) || check.cluster_exists(),
        &path,
        "there are node pools, but Karpenter is off",
        "turn on `addons.karpenter`, or remove the pools",
    );
    for (position, pool) in pools.iter().enumerate() {
        let path = path.index(position);
        let settings = pool.settings();
        instances(check, &path, pool, &settings);
        placement(check, &path, pool);
        limits(check, &path, pool, &settings);
        for (position, budget) in pool.disruption_budgets.iter().enumerate() {
            self::budget(check, &path.key("disruptionBudgets").index(position), budget);
        }
    }
}

fn instances(check: &mut Check<'_>, path: &Path, pool: &KarpenterNodePool, settings: &KarpenterSettings) {
    check.ensure(
        pool.instance_families.is_none() || pool.instance_types.is_none(),
        &path.key("instanceTypes"),
        "both families and types are given: only instances in both lists could be launched",
        "keep one of the two",
    );
    let (types, families) = (&settings.instance_types, &settings.instance_families);
    check.ensure(
        !types.is_empty() || !families.is_empty(),
        &path.key(if pool.instance_types.is_some() { "instanceTypes" } else { "instanceFamilies" }),
        "the list is empty, so that no instance could be launched",
        "name at least one, or leave the key out for the preset's",
    );
    let arms: Vec<bool> =
        types.iter().map(|t| is_arm(t.as_str())).chain(families.iter().map(|f| is_arm(f.as_str()))).collect();
    let wanted = |architecture: Architecture| settings.architectures.contains(&architecture);
    let possible = arms.is_empty()
        || settings.architectures.is_empty()
        || arms.iter().any(|arm| wanted(if *arm { Architecture::Arm64 } else { Architecture::Amd64 }));
    check.ensure_reading(
        &[path.key("instanceTypes"), path.key("instanceFamilies"), path.key("preset")],
        possible,
        &path.key("architectures"),
        "no listed instance has one of the listed architectures, so that none could be launched",
        "Graviton families, such as c7g, are arm64; all others are amd64",
    );
    for (key, empty) in [
        ("architectures", settings.architectures.is_empty()),
        ("capacityTypes", settings.capacity_types.is_empty()),
    ] {
        check.ensure(
            !empty,
            &path.key(key),
            "the list is empty, so that no instance could be launched",
            "name at least one",
        );
    }
    for (key, bound) in [("minCpu", pool.min_cpu), ("maxCpu", pool.max_cpu)] {
        check.ensure(bound != Some(0), &path.key(key), "no instance has 0 processors", "write at least 1");
    }
    if let (Some(least), Some(most)) = (pool.min_cpu, pool.max_cpu) {
        check.ensure_reading(
            &[path.key("maxCpu")],
            least <= most,
            &path.key("minCpu"),
            format!("{least} is more than maxCpu, which is {most}"),
            "lower minCpu, or raise maxCpu",
        );
    }
}

fn placement(check: &mut Check<'_>, path: &Path, pool: &KarpenterNodePool) {
    let network = &check.spec.network;
    let zones: Vec<&str> = network.availability_zones.iter().map(AvailabilityZone::as_str).collect();
    for (position, zone) in pool.zones.iter().flatten().enumerate() {
        let path = path.key("zones").index(position);
        let region = check.spec.region.as_str();
        check.ensure_reading(
            &[at("region")],
            zone.region() == region,
            &path,
            format!("the zone `{zone}` does not belong to the Region `{region}`"),
            format!("choose a zone such as `{region}a`, or leave `zones` out for every zone of the stack"),
        );
        check.ensure_reading(
            &[at("network").key("availabilityZones")],
            network.availability_zones.is_empty()
                || network.availability_zones.contains(zone)
                || zone.region() != region,
            &path,
            format!("the stack has no subnet in the zone `{zone}`"),
            format!("choose one of network.availabilityZones: {}", zones.join(", ")),
        );
    }
    check.ensure(
        pool.zones.as_ref().is_none_or(|zones| !zones.is_empty()),
        &path.key("zones"),
        "the list is empty, so that no instance could be launched",
        "leave `zones` out for every zone of the stack",
    );
    for key in pool.labels.keys() {
        let domain = key.as_str().split_once('/').map_or("", |(domain, _)| domain);
        let reserved = |reserved: &&str| domain == *reserved || domain.ends_with(&format!(".{reserved}"));
        check.ensure(
            !RESERVED_DOMAINS.iter().any(reserved),
            &path.key("labels").key(key.as_str()),
            format!("labels of `{domain}` are written by Kubernetes and Karpenter only"),
            "use a label without a prefix, or with one of your own",
        );
    }
    let taints = pool.taints.iter().flatten().map(|taint| format!("{}:{}", taint.key, taint.effect.as_str()));
    no_repetition(check, &path.key("taints"), None, taints.collect::<Vec<_>>());
    check.ensure(
        (20..=16_384).contains(&pool.disk_size_gib),
        &path.key("diskSizeGib"),
        format!("{} GiB is not a size that a root volume can have", pool.disk_size_gib),
        "write a number from 20, which the system and its images need, to 16384",
    );
    if let Some(version) = &pool.ami_version {
        let shape = version == "latest"
            || version
                .strip_prefix('v')
                .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
        check.ensure(
            shape,
            &path.key("amiVersion"),
            format!("`{}` is not a release of a machine image", version.escape_debug()),
            "write a release such as v20251120, or leave it out for the latest",
        );
    }
}

fn limits(check: &mut Check<'_>, path: &Path, pool: &KarpenterNodePool, settings: &KarpenterSettings) {
    check.ensure(
        settings.cpu_limit.milli() >= 1000,
        &path.key("cpuLimit"),
        format!("with a limit of {} processors no node could be launched", settings.cpu_limit),
        "write at least what one node has",
    );
    if let Some(least) = pool.min_cpu {
        check.ensure_reading(
            &[path.key("minCpu")],
            settings.cpu_limit.milli() >= i128::from(least) * 1000,
            &path.key("cpuLimit"),
            format!("a node has at least {least} processors, more than the whole pool may have"),
            "raise cpuLimit, or lower minCpu",
        );
    }
    check.ensure(
        settings.memory_limit.milli() >= (1_i128 << 30) * 1000,
        &path.key("memoryLimit"),
        format!("with a limit of {} of memory no node could be launched", settings.memory_limit),
        "write at least what one node has, such as 64Gi",
    );
    check.ensure(
        (1..=100).contains(&settings.weight),
        &path.key("weight"),
        format!("{} is not a weight", settings.weight),
        "write a number from 1 to 100",
    );
}

fn budget(check: &mut Check<'_>, path: &Path, budget: &DisruptionBudget) {
    let number = budget.nodes.strip_suffix('%').unwrap_or(&budget.nodes);
    let share = budget.nodes.ends_with('%');
    let valid =
        number.parse::<u32>().is_ok_and(|n| !share || n <= 100) && number.chars().all(|c| c.is_ascii_digit());
    check.ensure(
        valid,
        &path.key("nodes"),
        format!("`{}` is neither a number of nodes nor a share of them", budget.nodes.escape_debug()),
        "write a number such as 5, or a share such as 10%",
    );
    check.ensure_reading(
        &[path.key("schedule"), path.key("duration")],
        budget.schedule.is_some() == budget.duration.is_some(),
        &path.key(if budget.schedule.is_some() { "duration" } else { "schedule" }),
        "a schedule needs a duration, and a duration a schedule",
        "add the other one, or remove both to have the budget hold always",
    );
    if let Some(schedule) = &budget.schedule {
        let macros = ["@annually", "@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
        let fields = schedule.split_whitespace().count() == 5
            && schedule.chars().all(|c| c.is_ascii_alphanumeric() || " */,-".contains(c));
        check.ensure(
            fields || macros.contains(&schedule.as_str()),
            &path.key("schedule"),
            format!("`{}` is not a cron schedule", schedule.escape_debug()),
            "write five fields, such as `0 9 * * mon-fri`, in UTC",
        );
    }
    if let Some(duration) = &budget.duration {
        check.ensure(
            !duration.as_str().contains('s'),
            &path.key("duration"),
            format!("Karpenter takes no seconds in `{duration}`"),
            "write hours and minutes, such as 8h or 1h30m",
        );
    }
}
