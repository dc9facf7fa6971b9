//! What EKS says is wrong with something, as one text.

use aws_sdk_eks::types::{AddonIssue, ClusterIssue, FargateProfileIssue, Issue};

/// What EKS says is wrong with something.
pub(crate) trait HealthIssue {
    fn text(&self) -> String;
}

macro_rules! health_issues {
    ($($kind:ty),+) => { $(
        impl HealthIssue for $kind {
            fn text(&self) -> String {
                let code = self.code().map_or("unknown", |code| code.as_str());
                one(code, self.message().unwrap_or("no further explanation"), self.resource_ids())
            }
        }
    )+ };
}

health_issues!(AddonIssue, ClusterIssue, FargateProfileIssue, Issue);

fn one(code: &str, message: &str, resources: &[String]) -> String {
    match resources {
        [] => format!("{code}: {message}"),
        some => format!("{code}: {message} ({})", some.join(", ")),
    }
}

/// A status, and what is wrong.
pub(crate) fn explained<T: HealthIssue>(status: &str, issues: &[T]) -> String {
    let issues: Vec<String> = issues.iter().map(HealthIssue::text).collect();
    if issues.is_empty() { status.to_owned() } else { format!("{status}: {}", issues.join("; ")) }
}

#[cfg(test)]
mod tests {
    use aws_sdk_eks::types::NodegroupIssueCode;

    use super::*;

    #[test]
    fn every_issue_is_told_with_what_it_is_about() {
        let issue = Issue::builder()
            .code(NodegroupIssueCode::NodeCreationFailure)
            .message("Instances failed to join")
            .resource_ids("i-1")
            .build();
        let told = explained("CREATE_FAILED", &[issue, Issue::builder().build()]);
        let expected = "CREATE_FAILED: NodeCreationFailure: Instances failed to join (i-1); \
                        unknown: no further explanation";
        assert_eq!(told, expected);
        assert_eq!(explained::<Issue>("CREATING", &[]), "CREATING");
    }
}
