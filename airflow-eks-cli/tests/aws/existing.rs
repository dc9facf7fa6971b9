//! A network and a cluster that were there before are used, never changed, and outlive the stack.

use serde_json::Value;

use crate::support::Place;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// A VPC with two subnets that reach the internet.
struct Network {
    vpc: String,
    subnets: [String; 2],
}

impl Network {
    fn made(place: &Place) -> Self {
        let one = |pointer: &str, arguments: &[&str]| -> String {
            place.aws_cli(arguments).pointer(pointer).unwrap().as_str().unwrap().to_owned()
        };
        let vpc = one("/Vpc/VpcId", &["ec2", "create-vpc", "--cidr-block", "10.9.0.0/16"]);
        for attribute in ["--enable-dns-support", "--enable-dns-hostnames"] {
            place.aws_cli(&["ec2", "modify-vpc-attribute", "--vpc-id", &vpc, attribute, "{\"Value\":true}"]);
        }
        let gateway = one("/InternetGateway/InternetGatewayId", &["ec2", "create-internet-gateway"]);
        let attach = ["ec2", "attach-internet-gateway", "--vpc-id", &vpc, "--internet-gateway-id", &gateway];
        place.aws_cli(&attach);
        let of_vpc = format!("Name=vpc-id,Values={vpc}");
        let table =
            one("/RouteTables/0/RouteTableId", &["ec2", "describe-route-tables", "--filters", &of_vpc]);
        let route = ["ec2", "create-route", "--route-table-id", &table, "--gateway-id", &gateway];
        place.aws_cli(&[&route[..], &["--destination-cidr-block", "0.0.0.0/0"]].concat());
        let subnet = |cidr: &str, zone: &str| {
            let make = ["ec2", "create-subnet", "--vpc-id", &vpc, "--cidr-block", cidr];
            one("/Subnet/SubnetId", &[&make[..], &["--availability-zone", zone]].concat())
        };
        let subnets = [subnet("10.9.0.0/24", "us-west-2a"), subnet("10.9.1.0/24", "us-west-2b")];
        Self { vpc, subnets }
    }

    /// Everything that AWS tells of it.
    fn told(&self, place: &Place) -> Vec<Value> {
        let of_vpc = format!("Name=vpc-id,Values={}", self.vpc);
        let default = [of_vpc.as_str(), "Name=group-name,Values=default"];
        let attached = format!("Name=attachment.vpc-id,Values={}", self.vpc);
        vec![
            place.aws_cli(&["ec2", "describe-vpcs", "--vpc-ids", &self.vpc]),
            // How many addresses are free changes with what is put into it.
            place.aws_cli(&["ec2", "describe-subnets", "--filters", &of_vpc, "--query", SUBNETS]),
            place.aws_cli(&["ec2", "describe-route-tables", "--filters", &of_vpc]),
            place.aws_cli(&["ec2", "describe-internet-gateways", "--filters", &attached]),
            place.aws_cli(&["ec2", "describe-security-groups", "--filters", default[0], default[1]]),
        ]
    }
}

const SUBNETS: &str = "Subnets[].[SubnetId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch, Tags]";

/// What was there before is there still, word for word; `after` may hold more.
fn is_kept(path: &str, before: &Value, after: &Value) {
    // Below Region, service and kind come the things themselves.
    if path.matches('/').count() == 4 {
        assert_eq!(before, after, "{path}");
        return;
    }
    for (key, value) in before.as_object().unwrap() {
        is_kept(&format!("{path}/{key}"), value, &after[key]);
    }
}

#[test]
fn a_cluster() {
    let place = Place::new();
    let network = Network::made(&place);
    let [first, second] = &network.subnets;
    let role = ["iam", "create-role", "--role-name", "platform", "--assume-role-policy-document", TRUST];
    let role = place.aws_cli(&role)["Role"]["Arn"].as_str().unwrap().to_owned();
    let subnets = format!("subnetIds={first},{second}");
    let make = ["eks", "create-cluster", "--name", "platform", "--kubernetes-version", "1.35"];
    place.aws_cli(&[&make[..], &["--role-arn", &role, "--resources-vpc-config", &subnets]].concat());
    place.aws_cli(&["eks", "wait", "cluster-active", "--name", "platform"]);
    let secret = ["secretsmanager", "create-secret", "--name", "airflow-database"];
    let secret = place.aws_cli(&[&secret[..], &["--secret-string", "{\"password\":\"x\"}"]].concat());
    let secret = secret["ARN"].as_str().unwrap();

    let before = place.aws.dump(&place.account).unwrap();
    let told = |place: &Place| {
        let cluster = place.aws_cli(&["eks", "describe-cluster", "--name", "platform"]);
        [network.told(place), vec![cluster]].concat()
    };
    let told_before = told(&place);

    place.preset("existing-cluster");
    let stack = std::fs::read_to_string(place.path().join("stack.yaml")).unwrap();
    let old_secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:airflow-database-AbCdEf";
    assert!(stack.contains(old_secret), "the preset names a secret");
    let stack = stack
        .replace(old_secret, secret)
        .replace("eu-central-1", "us-west-2")
        .replace("vpc-0a1b2c3d4e5f60718", &network.vpc)
        .replace("subnet-0a1b2c3d4e5f60718", first)
        .replace("subnet-0b1c2d3e4f5061728", second);
    place.stack(&stack);

    place.apply().ok();
    assert_eq!(place.planned(&[]), [""; 0]);
    is_kept("", &before, &place.aws.dump(&place.account).unwrap());
    assert_eq!(told(&place), told_before, "nothing of it was changed");
    place.destroy().ok();
    assert_eq!(place.aws.dump(&place.account).unwrap(), before);
    assert_eq!(told(&place), told_before);
}

#[test]
fn a_network() {
    let place = Place::new();
    let network = Network::made(&place);
    let before = place.aws.dump(&place.account).unwrap();
    let told = network.told(&place);

    place.preset("minimal");
    let stack = std::fs::read_to_string(place.path().join("stack.yaml")).unwrap();
    let [first, second] = &network.subnets;
    let existing = format!(
        "network: {{existing: {{vpcId: {}, privateSubnetIds: [{first}, {second}], publicSubnetIds: [{first}, {second}]}}}}\n",
        network.vpc
    );
    place.stack(&format!("{stack}\n{existing}"));
    place.apply().ok();
    assert_eq!(place.planned(&[]), [""; 0]);
    is_kept("", &before, &place.aws.dump(&place.account).unwrap());
    assert_eq!(network.told(&place), told, "nothing of it was changed");
    place.destroy().ok();
    assert_eq!(place.aws.dump(&place.account).unwrap(), before);
    assert_eq!(network.told(&place), told);
}

#[test]
fn a_cluster_that_is_not_there_is_told() {
    let place = Place::new();
    place.preset("existing-cluster");
    let planned = place.run(&["plan", "--only", "aws"]);
    planned.fails(4, &[]);
    for word in ["it is not there, and the stack is to use one that is", "cluster.existing.name"] {
        let said = planned.stdout.contains(word) || planned.stderr.contains(word);
        assert!(said, "`{word}` is not in:\n{}\n{}", planned.stdout, planned.stderr);
    }
}
