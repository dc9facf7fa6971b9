//! What controllers left behind goes with the stack; what belongs to another cluster stays.

use serde_json::Value;

use crate::support::Place;

#[test]
fn what_controllers_left_behind_is_swept() {
    let place = Place::new();
    place.preset("minimal");
    let before = place.aws.dump(&place.account).unwrap();
    place.apply().ok();
    plant(&place, "airflow-minimal");
    let destroyed = place.destroy();
    destroyed.ok();
    for word in ["load balancer", "network interface", "volume", "instance", "security group", "log group"] {
        let found = destroyed.stderr.lines().any(|line| line.starts_with("swept") && line.contains(word));
        assert!(found, "no {word} was swept:\n{}", destroyed.stderr);
    }
    assert_eq!(place.aws.dump(&place.account).unwrap(), before);
}

#[test]
fn what_another_cluster_left_behind_is_not_touched() {
    let place = Place::new();
    place.preset("minimal");
    place.aws_cli(&["ec2", "create-volume", "--availability-zone", "us-west-2a", "--size", "8",
        "--tag-specifications",
        "ResourceType=volume,Tags=[{Key=ebs.csi.aws.com/cluster,Value=true},{Key=kubernetes.io/cluster/airflow-minimal-2,Value=owned}]"]);
    place.aws_cli(&[
        "logs",
        "create-log-group",
        "--log-group-name",
        "/aws/containerinsights/airflow-minimal-2/performance",
    ]);
    let before = place.aws.dump(&place.account).unwrap();
    place.apply().ok();
    place.destroy().ok();
    assert_eq!(place.aws.dump(&place.account).unwrap(), before);
}

/// What the load balancer controller, Karpenter, the CSI driver, the CNI and the CloudWatch agent would have made.
fn plant(place: &Place, cluster: &str) {
    let cli = |arguments: &[&str]| place.aws_cli(arguments);
    let one = |answer: &Value, pointer: &str| answer.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let subnet = |name: &str| {
        let filter = format!("Name=tag:airflow-eks/resource,Values=subnet/{name}");
        cli(&["ec2", "describe-subnets", "--filters", &filter])
    };
    let first = subnet("public-us-west-2a");
    let vpc = one(&first, "/Subnets/0/VpcId");
    let public =
        [one(&first, "/Subnets/0/SubnetId"), one(&subnet("public-us-west-2b"), "/Subnets/0/SubnetId")];
    let private = one(&subnet("data-plane-us-west-2a"), "/Subnets/0/SubnetId");

    let group = cli(&[
        "ec2",
        "create-security-group",
        "--group-name",
        "k8s-airflow-1",
        "--description",
        "balancer",
        "--vpc-id",
        &vpc,
        "--tag-specifications",
        &format!("ResourceType=security-group,Tags=[{{Key=elbv2.k8s.aws/cluster,Value={cluster}}}]"),
    ]);
    let group = one(&group, "/GroupId");
    cli(&[
        "elbv2",
        "create-load-balancer",
        "--name",
        "k8s-airflow",
        "--subnets",
        &public[0],
        &public[1],
        "--security-groups",
        &group,
        "--tags",
        &format!("Key=elbv2.k8s.aws/cluster,Value={cluster}"),
    ]);
    cli(&[
        "elbv2",
        "create-target-group",
        "--name",
        "k8s-airflow",
        "--protocol",
        "HTTP",
        "--port",
        "8080",
        "--vpc-id",
        &vpc,
        "--tags",
        &format!("Key=elbv2.k8s.aws/cluster,Value={cluster}"),
    ]);
    cli(&[
        "ec2",
        "create-network-interface",
        "--subnet-id",
        &private,
        "--description",
        "aws-K8S-i-0a1b2c3d",
        "--tag-specifications",
        &format!(
            "ResourceType=network-interface,Tags=[{{Key=cluster.k8s.amazonaws.com/name,Value={cluster}}}]"
        ),
    ]);
    cli(&[
        "ec2",
        "create-volume",
        "--availability-zone",
        "us-west-2a",
        "--size",
        "100",
        "--tag-specifications",
        &format!(
            "ResourceType=volume,Tags=[{{Key=ebs.csi.aws.com/cluster,Value=true}},{{Key=kubernetes.io/cluster/{cluster},Value=owned}}]"
        ),
    ]);
    cli(&[
        "ec2",
        "run-instances",
        "--image-id",
        "ami-12c6146b",
        "--instance-type",
        "m5.large",
        "--subnet-id",
        &private,
        "--tag-specifications",
        &format!(
            "ResourceType=instance,Tags=[{{Key=karpenter.sh/nodepool,Value=default}},{{Key=kubernetes.io/cluster/{cluster},Value=owned}},{{Key=eks:eks-cluster-name,Value={cluster}}}]"
        ),
    ]);
    cli(&[
        "logs",
        "create-log-group",
        "--log-group-name",
        &format!("/aws/containerinsights/{cluster}/performance"),
    ]);
}
