//! What goes wrong is told with resource, call and a way out; what was made stays consistent, and a re-run goes on.

use serde_json::json;

use crate::support::Place;

fn place() -> Place {
    let place = Place::new();
    place.preset("minimal");
    place
}

#[test]
fn another_account_is_refused_before_anything_is_asked() {
    let place = place();
    let apply = ["apply", "--only", "aws", "--yes", "--set", "account=999988887777"];
    place.run(&apply).fails(4, &["999988887777", &place.account, "AWS_PROFILE"]);
    assert_eq!(place.mutations(), [""; 0]);
}

#[test]
fn credentials_that_aws_does_not_know_are_told_with_the_call() {
    let place = place();
    let mut command = place.command(&["plan", "--only", "aws"]);
    let ran: crate::ran::Ran =
        command.env("AWS_ACCESS_KEY_ID", "AKIAINVALIDKEY000000").output().unwrap().into();
    ran.fails(3, &["sts:GetCallerIdentity", "InvalidClientTokenId", "check the credentials"]);

    let mut command = place.command(&["plan", "--only", "aws"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let ran: crate::ran::Ran = command.output().unwrap().into();
    ran.fails(3, &["sts:GetCallerIdentity", "credential"]);
}

#[test]
fn a_region_that_has_no_eks_is_told() {
    let place = place();
    let mut command = place.command(&["plan", "--only", "aws"]);
    let ran: crate::ran::Ran =
        command.env("AWS_ENDPOINT_URL_EKS", "http://eks.nowhere.invalid").output().unwrap().into();
    ran.fails(3, &["eks:DescribeClusterVersions"]);
}

#[test]
fn a_denied_call_is_told_and_a_re_run_goes_on() {
    let place = place();
    let fault = json!({ "faults": [{ "service": "eks", "operation": "CreateCluster", "times": 1, "status": 403,
        "error": "AccessDeniedException", "message": "User is not authorized to perform: eks:CreateCluster" }] });
    place.aws.settings(&place.account, &fault).unwrap();
    place
        .apply()
        .fails(3, &["Cluster cluster", "eks:CreateCluster", "AccessDeniedException", "may make this call"]);
    place.apply().ok();
    assert_eq!(place.planned(&[]), [""; 0]);
    let vpcs = place.aws_cli(&["ec2", "describe-vpcs", "--filters", "Name=tag-key,Values=airflow-eks/stack"]);
    assert_eq!(vpcs["Vpcs"].as_array().unwrap().len(), 1, "nothing was made twice");
}

#[test]
fn a_quota_that_does_not_suffice_is_told_before_the_first_change() {
    let place = place();
    place.aws.settings(&place.account, &json!({ "quotas": { "L-F678F1CE": 0 } })).unwrap();
    place.apply().fails(3, &["VPCs per Region", "L-F678F1CE", "nothing was changed"]);
    assert_eq!(place.mutations(), [""; 0]);
}

#[test]
fn a_zone_that_eks_refuses_is_told_with_those_it_takes() {
    let place = place();
    let zone =
        place.aws_cli(&["ec2", "describe-availability-zones"])["AvailabilityZones"][0]["ZoneName"].clone();
    place.aws.settings(&place.account, &json!({ "unavailable_zones": [zone] })).unwrap();
    place.apply().fails(3, &["Cluster cluster", "eks:CreateCluster", "UnsupportedAvailabilityZoneException"]);
}

#[test]
fn a_version_that_eks_does_not_offer_is_told_by_what_eks_says() {
    let place = place();
    let ran = place.run(&["plan", "--only", "aws", "--set", "cluster.version=1.31"]);
    ran.fails(1, &["cluster.version", "1.31"]);
}

#[test]
fn answers_that_do_not_come_make_nothing_twice() {
    let place = place();
    let lost = |service: &str, operation: &str| json!({ "service": service, "operation": operation, "times": 1, "when": "after", "drop": true });
    let faults = json!({ "faults": [
        lost("ec2", "CreateVpc"), lost("ec2", "CreateSubnet"), lost("ec2", "AllocateAddress"),
        lost("ec2", "CreateNatGateway"), lost("eks", "CreateCluster"), lost("rds", "CreateDBInstance"),
        lost("elasticfilesystem", "CreateFileSystem"), lost("kms", "CreateKey"), lost("iam", "CreateRole"),
    ] });
    place.aws.settings(&place.account, &faults).unwrap();
    let before = place.aws.dump(&place.account).unwrap();
    place.apply().ok();
    assert_eq!(place.planned(&[]), [""; 0]);
    let addresses = place.aws_cli(&["ec2", "describe-addresses"]);
    let gateways = place.aws_cli(&["ec2", "describe-nat-gateways"]);
    assert_eq!(
        addresses["Addresses"].as_array().unwrap().len(),
        gateways["NatGateways"].as_array().unwrap().len()
    );
    place.destroy().ok();
    assert_eq!(place.aws.dump(&place.account).unwrap(), before);
}

#[test]
fn roles_that_are_not_seen_at_once_are_waited_for() {
    let place = place();
    place.aws.settings(&place.account, &json!({ "role_propagation": 3 })).unwrap();
    place.apply().ok();
}

#[test]
fn without_a_terminal_nothing_is_asked_and_nothing_is_changed() {
    let place = place();
    place.run(&["apply", "--only", "aws"]).fails(4, &["nothing was changed", "--yes"]);
    assert_eq!(place.mutations(), [""; 0]);
}
