//! What the embedded Kubernetes types leave open: quantities, names and words that are plain texts there.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements, Toleration, TopologySpreadConstraint};

use super::{Check, no_repetition};
use crate::problem::Path;
use crate::spec::PodSettings;
use crate::types::{EnvironmentVariableName, LabelKey, LabelValue, ObjectName, Quantity, shown};

/// Labels by which a release finds its own pods.
const SELECTOR_LABELS: &[&str] = &["component", "release", "tier"];

/// Variables that the stack itself sets from secrets or its own settings.
const OWN_VARIABLES: &[&str] = &[
    "AIRFLOW_HOME",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__WEBSERVER__SECRET_KEY",
];

pub(super) fn settings(check: &mut Check<'_>, path: &Path, settings: &PodSettings) {
    if let Some(requirements) = &settings.resources {
        resources(check, &path.key("resources"), requirements);
    }
    tolerations(check, &path.key("tolerations"), &settings.tolerations);
    spreading(check, &path.key("topologySpreadConstraints"), &settings.topology_spread_constraints);
    words::<LabelKey>(check, &path.key("nodeSelector"), settings.node_selector.keys(), "the key of a label");
    for (key, value) in &settings.node_selector {
        word::<LabelValue>(check, &path.key("nodeSelector").key(key), value, "the value of a label");
    }
    let annotations = settings.annotations.keys();
    words::<LabelKey>(check, &path.key("annotations"), annotations, "the key of an annotation");
    labels(check, &path.key("labels"), &settings.labels);
    if let Some(name) = &settings.priority_class_name {
        word::<ObjectName>(check, &path.key("priorityClassName"), name, "the name of a priority class");
    }
}

fn labels(check: &mut Check<'_>, path: &Path, labels: &BTreeMap<String, String>) {
    words::<LabelKey>(check, path, labels.keys(), "the key of a label");
    for (key, value) in labels {
        word::<LabelValue>(check, &path.key(key), value, "the value of a label");
        check.ensure(
            !SELECTOR_LABELS.contains(&key.as_str()),
            &path.key(key),
            format!("the label `{key}` is one by which Airflow's pods are found"),
            "choose another label",
        );
    }
}

/// What a container asks for and may use.
pub(super) fn resources(check: &mut Check<'_>, path: &Path, requirements: &ResourceRequirements) {
    let amount = |check: &mut Check<'_>, path: &Path, text: &str| match Quantity::new(text) {
        Ok(quantity) => Some(quantity),
        Err(invalid) => {
            check.problems.add(
                path.clone(),
                invalid.reason,
                format!("write for example `{}`", invalid.example),
            );
            None
        }
    };
    let limits_path = path.key("limits");
    let mut limits = BTreeMap::new();
    for (name, quantity) in requirements.limits.iter().flatten() {
        if let Some(limit) = amount(check, &path.key("limits").key(name), &quantity.0) {
            limits.insert(name.as_str(), limit);
        }
    }
    for (name, quantity) in requirements.requests.iter().flatten() {
        let path = path.key("requests").key(name);
        let Some(request) = amount(check, &path, &quantity.0) else { continue };
        let limit = limits.get(name.as_str());
        check.ensure_reading(
            &[limits_path.key(name)],
            limit.is_none_or(|limit| request.milli() <= limit.milli()),
            &path,
            format!(
                "{request} is more than the limit, which is {}",
                limit.map_or("", |limit| limit.as_str())
            ),
            "lower the request, or raise the limit",
        );
    }
}

fn tolerations(check: &mut Check<'_>, path: &Path, tolerations: &[Toleration]) {
    for (position, toleration) in tolerations.iter().enumerate() {
        let path = path.index(position);
        let operator = toleration.operator.as_deref().unwrap_or("Equal");
        check.ensure(
            matches!(operator, "Equal" | "Exists"),
            &path.key("operator"),
            format!("`{}` is not an operator of tolerations", operator.escape_debug()),
            "write Equal or Exists",
        );
        check.ensure_reading(
            &[path.key("operator")],
            operator != "Exists" || toleration.value.as_deref().unwrap_or_default().is_empty(),
            &path.key("value"),
            "`Exists` tolerates every value, so that none can be named",
            "remove the value, or write `operator: Equal`",
        );
        check.ensure_reading(
            &[path.key("operator")],
            operator == "Exists" || toleration.key.is_some(),
            &path.key("key"),
            "no taint is named",
            "name the taint's key, or write `operator: Exists` to tolerate all",
        );
        let effect = toleration.effect.as_deref().unwrap_or_default();
        check.ensure(
            matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute"),
            &path.key("effect"),
            format!("`{}` is not an effect of taints", effect.escape_debug()),
            "write NoSchedule, PreferNoSchedule or NoExecute",
        );
    }
}

fn spreading(check: &mut Check<'_>, path: &Path, constraints: &[TopologySpreadConstraint]) {
    for (position, constraint) in constraints.iter().enumerate() {
        let path = path.index(position);
        check.ensure(
            constraint.max_skew >= 1,
            &path.key("maxSkew"),
            format!("{} is not a difference that pods can be spread by", constraint.max_skew),
            "write at least 1",
        );
        word::<LabelKey>(check, &path.key("topologyKey"), &constraint.topology_key, "the key of a label");
        let otherwise = constraint.when_unsatisfiable.as_str();
        check.ensure(
            matches!(otherwise, "DoNotSchedule" | "ScheduleAnyway"),
            &path.key("whenUnsatisfiable"),
            format!("{} does not say what to do where pods cannot be spread", shown(otherwise)),
            "write DoNotSchedule or ScheduleAnyway",
        );
    }
}

/// Environment variables of containers.
pub(super) fn environment(check: &mut Check<'_>, path: &Path, variables: &[EnvVar]) {
    no_repetition(check, path, Some("name"), variables.iter().map(|variable| variable.name.as_str()));
    for (position, variable) in variables.iter().enumerate() {
        let path = path.index(position);
        if variable.name.is_empty() {
            check.ensure(false, &path.key("name"), "`name` is missing", "add `name: …` here");
            continue;
        }
        word::<EnvironmentVariableName>(check, &path.key("name"), &variable.name, "the name of a variable");
        check.ensure(
            !OWN_VARIABLES.contains(&variable.name.as_str()),
            &path.key("name"),
            format!("`{}` is set by the stack itself", variable.name),
            "remove it; secrets are generated, and the database is described under `database`",
        );
        check.ensure(
            variable.value.is_none() || variable.value_from.is_none(),
            &path.key("valueFrom"),
            "both `value` and `valueFrom` are given",
            "keep one of the two",
        );
    }
}

/// A text that has to be a word of some type, where a Kubernetes type takes any.
pub(super) fn word<'t, T: TryFrom<&'t str, Error = crate::types::InvalidText>>(
    check: &mut Check<'_>,
    path: &Path,
    text: &'t str,
    what: &str,
) {
    if let Err(invalid) = T::try_from(text) {
        let message = format!("is not {what}: {}", invalid.reason);
        check.problems.add(path.clone(), message, format!("write for example `{}`", invalid.example));
    }
}

fn words<'t, T: TryFrom<&'t str, Error = crate::types::InvalidText>>(
    check: &mut Check<'_>,
    path: &Path,
    texts: impl Iterator<Item = &'t String>,
    what: &str,
) {
    texts.for_each(|text| word::<T>(check, &path.key(text), text, what));
}
