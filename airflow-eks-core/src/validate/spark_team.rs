//! Spark teams.

use super::{Check, at, no_repetition, role_fits};
use crate::desired::names;

/// The components of Airflow that have an IAM role, in either version.
const AIRFLOW_ROLES: [&str; 6] =
    ["api-server", "dag-processor", "scheduler", "triggerer", "webserver", "worker"];

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let spark = &spec.spark;
    let path = at("spark");
    check.ensure_reading(
        &[path.key("enabled")],
        !spark.enabled || !spark.teams.is_empty(),
        &path.key("teams"),
        "Spark is on, but nobody may run anything",
        "add a team, such as `- name: spark-team-a`",
    );
    check.ensure(
        spark.enabled || (spark.teams.is_empty() && spark.applications.is_empty()),
        &path.key("enabled"),
        "Spark is off, so that teams and applications have no effect",
        "write `enabled: true`, or remove them",
    );
    no_repetition(check, &path.key("teams"), Some("name"), spark.teams.iter().map(|team| team.name.as_str()));
    for (position, team) in spark.teams.iter().enumerate() {
        let path = path.key("teams").index(position);
        let taken = [spec.airflow.namespace.as_str(), "default", "kube-system", "spark-operator"];
        check.ensure_reading(
            &[at("airflow").key("namespace")],
            !taken.contains(&team.name.as_str()),
            &path.key("name"),
            format!("the namespace `{}` belongs to something else", team.name),
            "choose a name of the team's own, such as spark-team-a",
        );
        role_fits(check, &path.key("name"), team.name.as_str());
        let of_airflow = AIRFLOW_ROLES.map(|component| format!("{}-{component}", spec.airflow.name));
        check.ensure_reading(
            &[at("airflow").key("name")],
            !names::role_is_taken(team.name.as_str()) && !of_airflow.contains(&team.name.to_string()),
            &path.key("name"),
            format!(
                "the IAM role of a team `{}` would have the name of another role of the stack",
                team.name
            ),
            "choose another name, such as spark-team-a",
        );
        if let Some(pool) = &team.node_pool {
            check.ensure_reading(
                &[at("karpenterNodePools")],
                spec.karpenter_node_pools.iter().any(|known| known.name == *pool),
                &path.key("nodePool"),
                format!("there is no Karpenter node pool `{pool}`"),
                pools(check),
            );
        }
        for key in team.quota.keys() {
            let shape = !key.is_empty()
                && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-'))
                && key.starts_with(|c: char| c.is_ascii_lowercase());
            check.ensure(
                shape,
                &path.key("quota").key(key),
                format!("`{}` is not something that a quota can limit", key.escape_debug()),
                "write for example requests.cpu, requests.memory or pods",
            );
        }
    }
}

/// The pools there are, as a hint.
pub(super) fn pools(check: &Check<'_>) -> String {
    let names: Vec<&str> = check.spec.karpenter_node_pools.iter().map(|pool| pool.name.as_str()).collect();
    if names.is_empty() {
        "add it to karpenterNodePools".to_owned()
    } else {
        format!("add it to karpenterNodePools, or choose one of: {}", names.join(", "))
    }
}
