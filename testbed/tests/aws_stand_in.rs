//! The stand-in for AWS is the referee of everything that talks to AWS: its own tests pass, and ordinary clients use it.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at the stand-in has to fail, loudly")]

use std::{
    process::{Command, Output},
    sync::OnceLock,
};

use airflow_eks_testbed::AwsStandIn;
use serde_json::{Value, json};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/aws/tests");

/// One for all tests here: each has an account of its own.
fn stand_in() -> AwsStandIn {
    static STAND_IN: OnceLock<AwsStandIn> = OnceLock::new();
    STAND_IN.get_or_init(|| AwsStandIn::start(&|line| eprintln!("{line}")).unwrap()).clone()
}

#[track_caller]
fn printed(output: Output) -> String {
    let said =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat();
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_test_of_the_extension_passes() {
    let mut pytest = Command::new(stand_in().python());
    pytest
        .args(["-m", "pytest", "--quiet", "-p", "no:cacheprovider", TESTS])
        .env("PYTHONDONTWRITEBYTECODE", "1");
    printed(pytest.output().unwrap());
}

/// What the aws CLI prints, as JSON.
fn cli(aws: &AwsStandIn, account: &str, words: &[&str]) -> Value {
    let text = printed(aws.aws_cli(account).args(words).args(["--output", "json"]).output().unwrap());
    if text.trim().is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

#[test]
fn the_aws_cli_works() {
    let (aws, account) = (stand_in(), AwsStandIn::new_account());
    let run = |words: &str| cli(&aws, &account, &words.split(' ').collect::<Vec<_>>());
    assert_eq!(run("sts get-caller-identity")["Account"], account.as_str());
    run("efs create-file-system --creation-token one");
    assert_eq!(run("efs describe-file-systems")["FileSystems"][0]["CreationToken"], "one");
    printed(aws.aws_cli(&account).args(["s3", "mb", "s3://airflow-eks-cli-test"]).output().unwrap());
    let buckets = printed(aws.aws_cli(&account).args(["s3", "ls"]).output().unwrap());
    assert!(buckets.contains("airflow-eks-cli-test"), "{buckets}");
    run("secretsmanager create-secret --name one --secret-string x");
    assert_eq!(run("secretsmanager list-secrets")["SecretList"][0]["Name"], "one");

    let missing = aws.aws_cli(&account).args(["eks", "describe-cluster", "--name", "none"]).output().unwrap();
    assert!(!missing.status.success());
    let said = String::from_utf8_lossy(&missing.stderr);
    assert!(said.contains("(ResourceNotFoundException)"), "{said}");
}

#[test]
fn accounts_do_not_see_each_other_and_requests_are_written_down() {
    let (aws, one, other) = (stand_in(), AwsStandIn::new_account(), AwsStandIn::new_account());
    let before = aws.dump(&one).unwrap();
    let made = cli(&aws, &one, &["ec2", "create-vpc", "--cidr-block", "10.0.0.0/16"]);
    let vpc = made["Vpc"]["VpcId"].as_str().unwrap();
    assert!(aws.dump(&one).unwrap().to_string().contains(vpc));
    assert!(!aws.dump(&other).unwrap().to_string().contains(vpc));

    let requests = aws.requests(&one).unwrap();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!((requests[0].service.as_str(), requests[0].operation.as_str()), ("ec2", "CreateVpc"));
    assert!(requests[0].mutating && requests[0].error.is_none(), "{requests:?}");
    assert_eq!(aws.requests(&other).unwrap(), []);

    cli(&aws, &one, &["ec2", "delete-vpc", "--vpc-id", vpc]);
    assert_eq!(aws.dump(&one).unwrap(), before);
}

#[test]
fn a_fault_is_answered_once() {
    let (aws, account) = (stand_in(), AwsStandIn::new_account());
    let fault =
        json!({ "service": "eks", "operation": "ListClusters", "error": "ServerException", "status": 500 });
    aws.settings(&account, &json!({ "faults": [fault] })).unwrap();
    let list = || {
        let mut command = aws.aws_cli(&account);
        command.args(["eks", "list-clusters"]).env("AWS_MAX_ATTEMPTS", "1").output().unwrap()
    };
    assert!(!list().status.success());
    assert!(list().status.success());
    let error = aws.settings(&account, &json!({ "dalays": {} })).unwrap_err().to_string();
    assert!(error.contains("there is no setting ['dalays']"), "{error}");
}

#[test]
fn it_ends_with_its_owner() {
    let aws = AwsStandIn::start(&|line| eprintln!("{line}")).unwrap();
    let kept = aws.clone();
    let account = AwsStandIn::new_account();
    drop(aws);
    kept.requests(&account).unwrap();
    let endpoint = kept.endpoint();
    drop(kept);
    let address = endpoint.strip_prefix("http://").unwrap().to_owned();
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn the_one_of_the_test_bed_is_found_by_the_environment_and_by_name() {
    let (aws, account) = (AwsStandIn::connect().unwrap(), AwsStandIn::new_account());
    let test_bed = airflow_eks_testbed::TestBed::connect().unwrap();
    let endpoint = test_bed.environment().into_iter().find(|(name, _)| *name == "AWS_ENDPOINT_URL");
    assert_eq!(endpoint, Some(("AWS_ENDPOINT_URL", aws.endpoint())));
    let identity = cli(&aws, &account, &["sts", "get-caller-identity"]);
    assert_eq!(identity["Account"], account.as_str());
}
