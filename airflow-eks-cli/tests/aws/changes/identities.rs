//! What pods may do, and what is written on everything.

use super::{DEFAULT, applied, changes, converges, each_plans_exactly, there_and_back};

#[test]
fn what_pods_may_do() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (
                &[
                    "identities.policies={airflow-worker: [\"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\"]}",
                ],
                &["Role airflow-worker: update managedPolicyArns"],
            ),
            (
                &["spark={enabled: true, teams: [{name: spark-team-a}]}"],
                &["Role spark-history: create", "Role spark-team-a: create"],
            ),
            (&["secrets=external-secrets"], &["Role airflow-secrets: create"]),
        ],
    );
}

/// A boundary that is taken away again, and a role that an add-on no longer has: what is left out is to go.

#[test]
fn how_pods_become_roles() {
    let place = applied(DEFAULT, &[]);
    let boundary = &["identities.permissionsBoundary=arn:aws:iam::{account}:policy/limit"];
    let planned = changes(&place, boundary);
    assert!(planned.len() >= 15, "{planned:#?}");
    assert!(
        planned
            .iter()
            .all(|line| line.starts_with("Role ") && line.ends_with(": update permissionsBoundary"))
    );
    converges(&place, boundary, &[]);
    let back = changes(&place, &[]);
    assert_eq!(back, planned, "the boundary goes");
    converges(&place, &[], &[]);

    let pod_identity = &["identities.provider=pod-identity"];
    let planned = changes(&place, pod_identity);
    for line in [
        "Role airflow-worker: update assumeRolePolicyDocument",
        "Addon aws-ebs-csi-driver: update serviceAccountRoleArn",
        "PodIdentityAssociation airflow/airflow-worker: create",
        "Addon eks-pod-identity-agent: create",
        "OidcProvider cluster: delete",
    ] {
        assert!(planned.iter().any(|planned| planned == line), "{line} is not in {planned:#?}");
    }
    converges(&place, pod_identity, &[]);
    converges(&place, &[], &[]);
}

#[test]
fn another_major_version_of_airflow() {
    let place = applied(DEFAULT, &[]);
    let two = &[
        "airflow.version=2.11.0",
        "airflow.apiServer=",
        "airflow.webserver={replicas: 2}",
        "airflow.dags.gitSync.reference=2.11.0",
    ];
    let expected: &[&str] = &[
        "Role airflow-webserver: create",
        "Secret airflow/webserver-secret-key: create",
        "Secret airflow/api-secret-key: blocked",
        "Secret airflow/jwt-secret: blocked",
        "Role airflow-api-server: delete",
        "Role airflow-dag-processor: delete",
    ];
    each_plans_exactly(&place, &[], &[(two, expected)]);
    converges(&place, two, &["--delete-data"]);
    converges(&place, &[], &["--delete-data"]);
}

#[test]
fn tags() {
    let place = applied("minimal", &["tags.team=data"]);
    let planned = changes(&place, &["tags.team=ops"]);
    assert!(planned.len() > 40, "{planned:#?}");
    for line in &planned {
        let more = match line.split_once(": ").unwrap().0 {
            "LaunchTemplate core" => {
                "tagSpecifications.instance.team tagSpecifications.network-interface.team tagSpecifications.volume.team "
            }
            "NodeGroup core" => "launchTemplateVersion ",
            _ => "",
        };
        assert!(line.ends_with(&format!(": update {more}tags.team")), "{line}");
    }
    converges(&place, &["tags.team=ops"], &[]);
    converges(&place, &["tags.team=data"], &[]);
}
