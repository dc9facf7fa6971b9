//! The rules that relate the parts of a stack to each other, and to what is already true. Each rule stands beside what to
//! do when it is broken; all are asked, whatever the others answer.
//!
//! A rule that reads more places than the one it answers for says which: its answer is left out while one of them is
//! malformed.

mod addon;
mod airflow_component;
mod airflow_config;
mod airflow_dags;
mod airflow_ingress;
mod airflow_release;
mod cluster;
mod database;
mod fargate_profile;
mod file_system;
mod gitops;
mod identities;
mod karpenter_node_pool;
mod log_bucket;
mod network;
mod node_group;
mod observability;
mod pod;
mod spark_application;
mod spark_team;
mod stack;

use std::collections::BTreeSet;

use crate::desired::names;
use crate::facts::Facts;
use crate::problem::{Path, Problems};
use crate::spec::StackSpec;

/// Every broken rule.
pub(crate) fn all(spec: &StackSpec, facts: &Facts, unread: &[Path]) -> Problems {
    let mut problems = Problems::new();
    let check = &mut Check { spec, facts, unread, problems: &mut problems };
    stack::check(check);
    network::check(check);
    cluster::check(check);
    node_group::check(check);
    fargate_profile::check(check);
    database::check(check);
    file_system::check(check);
    log_bucket::check(check);
    identities::check(check);
    addon::check(check);
    karpenter_node_pool::check(check);
    airflow_release::check(check);
    spark_team::check(check);
    spark_application::check(check);
    observability::check(check);
    gitops::check(check);
    problems
}

/// What every rule sees.
struct Check<'a> {
    spec: &'a StackSpec,
    facts: &'a Facts,
    /// What stands in the text but could not be read.
    unread: &'a [Path],
    problems: &'a mut Problems,
}

impl Check<'_> {
    /// A broken rule, unless `holds`.
    fn ensure(&mut self, holds: bool, path: &Path, message: impl Into<String>, hint: impl Into<String>) {
        if !holds {
            self.problems.add(path.clone(), message, hint);
        }
    }

    /// A broken rule, unless `holds`, or unless one of the other places that the rule reads could not be read.
    fn ensure_reading(
        &mut self,
        reads: &[Path],
        holds: bool,
        path: &Path,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let known = !reads.iter().any(|read| self.is_unread(read));
        self.ensure(holds || !known, path, message, hint);
    }

    /// Whether `path`, or something in it, could not be read.
    fn is_unread(&self, path: &Path) -> bool {
        let place = path.before_removing(self.unread);
        self.unread.iter().any(|unread| unread.holds(&place) || place.holds(unread))
    }

    /// Whether the cluster exists already, so that what the stack does not make may be there.
    fn cluster_exists(&self) -> bool {
        self.spec.cluster.existing.is_some() || self.is_unread(&at("cluster").key("existing"))
    }

    /// Whether there are managed node groups.
    fn has_node_groups(&self) -> bool {
        !self.spec.node_groups.is_empty() || self.is_unread(&at("nodeGroups"))
    }
}

/// The path of a top-level key.
fn at(key: &str) -> Path {
    Path::root().key(key)
}

/// The values that stand in a list more than once, each with the position of the later one.
fn repeated<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<(usize, T)> {
    let mut seen = BTreeSet::new();
    let mut again = Vec::new();
    for (position, value) in values.into_iter().enumerate() {
        if seen.contains(&value) {
            again.push((position, value));
        } else {
            seen.insert(value);
        }
    }
    again
}

/// Reports each value that stands in a list more than once.
fn no_repetition<T: Ord + std::fmt::Display>(
    check: &mut Check<'_>,
    list: &Path,
    field: Option<&str>,
    values: impl IntoIterator<Item = T>,
) {
    for (position, value) in repeated(values) {
        let item = list.index(position);
        let path = field.map_or_else(|| item.clone(), |field| item.key(field));
        check.ensure(
            false,
            &path,
            format!("`{value}` stands in the list twice"),
            if field == Some("name") {
                "keep one of them, or give it another name"
            } else {
                "keep one of them"
            },
        );
    }
}

/// The word that stands for a value in `stack.yaml`.
fn word_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The numbers of days that CloudWatch Logs can keep logs for.
/// See <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>.
const RETENTION_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

fn retention_days(check: &mut Check<'_>, path: &Path, days: u32) {
    let nearest = RETENTION_DAYS.iter().copied().find(|possible| *possible >= days).unwrap_or(3653);
    check.ensure(
        RETENTION_DAYS.contains(&days),
        path,
        format!("CloudWatch Logs cannot keep logs for {days} days"),
        format!("write {nearest}, the next number of days that it can"),
    );
}

/// Whether the name of an IAM role stays within what IAM allows.
fn role_fits(check: &mut Check<'_>, path: &Path, purpose: &str) {
    let role = names::role(check.spec, purpose);
    let longest = names::LONGEST_ROLE;
    check.ensure(
        role.len() <= longest,
        path,
        format!("the IAM role `{role}` would have {} characters", role.len()),
        format!("IAM allows {longest}: use a shorter name here, or for the stack"),
    );
}

/// Whether an instance family is Graviton: the letter `g` after the number of its generation.
pub(crate) fn is_arm(instance_type_or_family: &str) -> bool {
    let family = instance_type_or_family.split('.').next().unwrap_or_default();
    let after_generation = family.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let attributes = after_generation.trim_start_matches(|c: char| c.is_ascii_digit());
    attributes.contains('g') || family.starts_with("a1")
}
