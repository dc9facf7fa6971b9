//! Nothing that is not the stack's own is changed or deleted; what is its own and was changed by hand is mended.

use serde_json::json;

use crate::support::Place;

const ROLE: &str = "minimal-us-west-2-airflow-worker";

/// The preset `minimal`, under a name that is short in lists.
fn minimal() -> Place {
    let place = Place::new();
    place.preset("minimal");
    let text = std::fs::read_to_string(place.path().join("stack.yaml")).unwrap();
    place.stack(&text.replace("name: airflow-minimal", "name: minimal"));
    place
}

#[test]
fn what_was_deleted_or_changed_by_hand_is_seen_and_mended() {
    let place = minimal();
    place.apply().ok();
    let cli = |arguments: &[&str]| place.aws_cli(arguments);
    cli(&["logs", "delete-log-group", "--log-group-name", "/aws/rds/instance/minimal-database/postgresql"]);
    cli(&["iam", "delete-role-policy", "--role-name", ROLE, "--policy-name", &inline_policy(&place)]);
    let group = place.aws_cli(&[
        "ec2",
        "describe-security-groups",
        "--filters",
        "Name=tag:airflow-eks/resource,Values=security-group/database",
    ])["SecurityGroups"][0]["GroupId"]
        .clone();
    let group = group.as_str().unwrap();
    let rules =
        cli(&["ec2", "describe-security-group-rules", "--filters", &format!("Name=group-id,Values={group}")]);
    let rule = rules["SecurityGroupRules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["IsEgress"] == false)
        .unwrap();
    cli(&[
        "ec2",
        "revoke-security-group-ingress",
        "--group-id",
        group,
        "--security-group-rule-ids",
        rule["SecurityGroupRuleId"].as_str().unwrap(),
    ]);
    cli(&[
        "eks",
        "update-nodegroup-config",
        "--cluster-name",
        "minimal",
        "--nodegroup-name",
        "core",
        "--scaling-config",
        "minSize=1,maxSize=9,desiredSize=3",
    ]);

    let planned = place.planned(&[]);
    let mut starts: Vec<&str> = planned.iter().map(|line| line.split(" before").next().unwrap()).collect();
    starts.sort_unstable();
    assert_eq!(starts.len(), 4, "{planned:#?}");
    assert!(
        starts.iter().any(|line| line.starts_with("LogGroup database-postgresql: create")),
        "{planned:#?}"
    );
    assert!(
        starts.iter().any(|line| line.starts_with("NodeGroup core: update maxSize minSize")),
        "{planned:#?}"
    );
    assert!(
        starts.iter().any(|line| line.starts_with("Role airflow-worker: update inlinePolicies.")),
        "{planned:#?}"
    );
    assert!(
        starts.iter().any(|line| line.starts_with("SecurityGroupRules database: update ingress")),
        "{planned:#?}"
    );
    place.apply().ok();
    assert_eq!(place.planned(&[]), [""; 0]);
}

fn inline_policy(place: &Place) -> String {
    let listed = place.aws_cli(&["iam", "list-role-policies", "--role-name", ROLE]);
    listed["PolicyNames"][0].as_str().unwrap().to_owned()
}

#[test]
fn a_look_alike_is_neither_changed_nor_deleted_unless_it_is_adopted() {
    let place = minimal();
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "Service": "ec2.amazonaws.com" } }] });
    place.aws_cli(&[
        "iam",
        "create-role",
        "--role-name",
        ROLE,
        "--assume-role-policy-document",
        &trust.to_string(),
    ]);
    place.aws.clear_requests(&place.account).unwrap();
    let words = ["Role airflow-worker", "airflow-eks/stack", "--adopt"];
    place.run(&["apply", "--only", "aws", "--yes"]).fails(4, &words);
    assert_eq!(place.mutations(), [""; 0], "a refused run changes nothing");
    assert_eq!(place.run(&["plan", "--only", "aws"]).code, 4);

    place.destroy().ok();
    place.aws_cli(&["iam", "get-role", "--role-name", ROLE]);

    place.run(&["apply", "--only", "aws", "--yes", "--adopt"]).ok();
    assert_eq!(place.planned(&[]), [""; 0]);
    place.destroy().ok();
    assert_eq!(
        place.aws_cli(&[
            "iam",
            "list-roles",
            "--query",
            "Roles[?RoleName=='minimal-us-west-2-airflow-worker']"
        ]),
        json!([])
    );
}

#[test]
fn two_stacks_in_one_account_and_region_do_not_touch_each_other() {
    let place = minimal();
    place.apply().ok();
    let first = place.aws.dump(&place.account).unwrap();
    let other = ["--set", "name=minimal-two", "--set", "network.vpcCidr=10.1.0.0/16"];
    let run = |arguments: &[&str]| place.run(&[arguments, &other].concat());
    run(&["apply", "--only", "aws", "--yes"]).ok();
    assert_eq!(place.planned(&[]), [""; 0], "the first is as it is to be");
    assert_eq!(place.planned(&other), [""; 0], "the second is as it is to be");
    run(&["destroy", "--only", "aws", "--yes", "--delete-data"]).ok();
    assert_eq!(place.aws.dump(&place.account).unwrap(), first);
    assert_eq!(place.planned(&[]), [""; 0]);
}

#[test]
fn protected_data_is_deleted_only_when_that_is_asked_for() {
    let place = minimal();
    let protected = ["--set", "database.deletionProtection=true", "--set", "logBucket.versioning=true"];
    place.run(&[&["apply", "--only", "aws", "--yes"], &protected[..]].concat()).ok();
    place.aws.clear_requests(&place.account).unwrap();
    place
        .run(&["destroy", "--only", "aws", "--yes"])
        .fails(4, &["minimal-database", "deletion protection", "keeps old versions", "--delete-data"]);
    assert_eq!(place.mutations(), [""; 0], "a refused run deletes nothing");
    place.destroy().ok();
}

#[test]
fn secrets_are_made_once_and_never_made_again_or_shown() {
    let place = minimal();
    place.apply().ok();
    let value = |name: &str| {
        place.aws_cli(&["secretsmanager", "get-secret-value", "--secret-id", name])["SecretString"].clone()
    };
    let names = ["minimal/airflow/fernet-key", "minimal/airflow/admin-password", "minimal/database/password"];
    let before = names.map(value);
    let again = place.run(&["apply", "--only", "aws", "--yes", "-v", "--set", "tags.team=data"]);
    again.ok();
    assert_eq!(names.map(value), before);
    let plan = place.run(&["plan", "--only", "aws", "--output", "json"]);
    let status = place.run(&["status", "--only", "aws", "--output", "json"]);
    for secret in before {
        for ran in [&again, &plan, &status] {
            assert!(!format!("{ran:?}").contains(secret.as_str().unwrap()));
        }
    }
}
