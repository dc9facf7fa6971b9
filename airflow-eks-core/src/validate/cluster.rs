//! The EKS cluster.

use super::{Check, at, no_repetition, retention_days, word_of};
use crate::spec::{AccessPolicy, Environment, SupportType};

/// Minor versions that EKS offers, and the first of them that is still in its standard term, where AWS was not asked.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html>.
const OFFERED: std::ops::RangeInclusive<u32> = 32..=36;
const FIRST_STANDARD: u32 = 34;

pub(super) fn check(check: &mut Check<'_>) {
    version(check);
    endpoint(check);
    access_entries(check);
    let cluster = &check.spec.cluster;
    retention_days(check, &at("cluster").key("logRetentionDays"), cluster.log_retention_days);
    no_repetition(check, &at("cluster").key("logging"), None, cluster.logging.iter().map(word_of));
}

fn version(check: &mut Check<'_>) {
    let cluster = &check.spec.cluster;
    let path = at("cluster").key("version");
    let (offered, standard, choice) = match &check.facts.kubernetes_versions {
        Some(offers) => {
            let offer = offers.iter().find(|offer| offer.version == cluster.version);
            let standard = offers.iter().filter(|offer| offer.standard_support);
            let names: Vec<String> = standard.map(|offer| offer.version.to_string()).collect();
            (offer.is_some(), offer.is_some_and(|offer| offer.standard_support), names.join(", "))
        }
        None => {
            let minor = cluster.version.minor();
            let choice = format!("1.{FIRST_STANDARD} to 1.{}", OFFERED.end());
            (OFFERED.contains(&minor), minor >= FIRST_STANDARD, choice)
        }
    };
    check.ensure(
        offered,
        &path,
        format!("EKS does not offer Kubernetes {}", cluster.version),
        format!("choose one of those in standard support: {choice}"),
    );
    check.ensure_reading(
        &[at("cluster").key("supportType")],
        !offered || standard || cluster.support_type == SupportType::Extended,
        &path,
        format!("Kubernetes {} has left its standard term of support", cluster.version),
        format!("choose one of {choice}, or accept the higher price with `supportType: extended`"),
    );
}

fn endpoint(check: &mut Check<'_>) {
    let access = &check.spec.cluster.endpoint_access;
    let path = at("cluster").key("endpointAccess");
    check.ensure(
        access.public || access.private,
        &path,
        "nothing reaches the API endpoint",
        "turn on `private`, `public` or both",
    );
    check.ensure_reading(
        &[path.key("public")],
        !access.public || !access.public_cidrs.is_empty(),
        &path.key("publicCidrs"),
        "the public endpoint is on, but no address may reach it",
        "list the address blocks that may, such as your own address with /32",
    );
    check.ensure_reading(
        &[path.key("public")],
        access.public || access.public_cidrs.is_empty(),
        &path.key("publicCidrs"),
        "addresses are listed, but there is no public endpoint",
        "add `public: true`, or remove the list",
    );
    no_repetition(check, &path.key("publicCidrs"), None, &access.public_cidrs);
    for (position, block) in access.public_cidrs.iter().enumerate() {
        check.ensure_reading(
            &[at("environment")],
            block.prefix_length() > 0 || check.spec.environment == Environment::Demo,
            &path.key("publicCidrs").index(position),
            "the API endpoint of a production stack would be open to the whole internet",
            "list the addresses that need it, or set `environment: demo`",
        );
    }
}

fn access_entries(check: &mut Check<'_>) {
    let entries = &check.spec.cluster.access_entries;
    let path = at("cluster").key("accessEntries");
    no_repetition(
        check,
        &path,
        Some("principalArn"),
        entries.iter().map(|entry| entry.principal_arn.as_str()),
    );
    for (position, entry) in entries.iter().enumerate() {
        let path = path.index(position);
        check.ensure(
            matches!(entry.principal_arn.service(), "iam"),
            &path.key("principalArn"),
            format!("`{}` is neither a role nor a user of IAM", entry.principal_arn),
            "name a role, such as arn:aws:iam::111122223333:role/operators",
        );
        check.ensure_reading(
            &[path.key("policy")],
            entry.policy != AccessPolicy::ClusterAdmin || entry.namespaces.is_empty(),
            &path.key("namespaces"),
            "`cluster-admin` cannot be bound to namespaces",
            "use the policy `admin`, or remove the namespaces",
        );
    }
}
