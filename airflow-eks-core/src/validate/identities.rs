//! Who pods are to AWS.

use super::{Check, at};
use crate::types::Arn;

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let path = at("identities");
    if let Some(boundary) = &spec.identities.permissions_boundary {
        is_policy(check, &path.key("permissionsBoundary"), boundary);
    }
    let known = accounts(check);
    let sources = [at("airflow").key("name"), at("airflow").key("version"), at("spark").key("teams")];
    let unread = sources.iter().any(|source| check.is_unread(source));
    for (account, policies) in &spec.identities.policies {
        let path = path.key("policies").key(account.as_str());
        check.ensure_reading(
            &[at("airflow").key("name"), at("airflow").key("version"), at("spark").key("teams")],
            unread || known.iter().any(|known| known == account.as_str()),
            &path,
            format!("`{account}` is neither a service account of Airflow with a role nor a Spark team"),
            format!("choose one of: {}", known.join(", ")),
        );
        check.ensure(
            policies.len() <= 8,
            &path,
            format!("{} policies are too many", policies.len()),
            "IAM allows 10 for a role, and the stack needs up to two of its own: keep at most 8",
        );
        for (position, policy) in policies.iter().enumerate() {
            is_policy(check, &path.index(position), policy);
        }
    }
}

/// The service accounts that stand for a role.
fn accounts(check: &Check<'_>) -> Vec<String> {
    let airflow = &check.spec.airflow;
    let web = if airflow.version.is_3() { "api-server" } else { "webserver" };
    let components = ["scheduler", web, "triggerer", "dag-processor", "worker"];
    let teams = check.spec.spark.teams.iter().map(|team| team.name.to_string());
    components.iter().map(|component| format!("{}-{component}", airflow.name)).chain(teams).collect()
}

fn is_policy(check: &mut Check<'_>, path: &crate::problem::Path, arn: &Arn) {
    check.ensure(
        arn.service() == "iam" && arn.as_str().contains(":policy/"),
        path,
        format!("`{arn}` is not a policy of IAM"),
        "name a policy, such as arn:aws:iam::111122223333:policy/read-data",
    );
}
