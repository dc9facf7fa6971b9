//! The Git repository that Argo CD or Flux reads the stack from.

use super::{Check, at};

pub(super) fn check(check: &mut Check<'_>) {
    let Some(gitops) = &check.spec.gitops else { return };
    check.ensure(
        gitops.interval.seconds() >= 60,
        &at("gitops").key("interval"),
        format!("{} is shorter than git hosts put up with", gitops.interval),
        "write at least 60s",
    );
}
