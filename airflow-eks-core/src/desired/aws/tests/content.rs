//! What single resources are like.

use super::{fields, graph, names, object};
use crate::aws_resources::AwsKind as Kind;
use crate::facts::Facts;
use crate::graph::{AwsId, Graph, ResourceId};
use crate::presets;

fn default_graph() -> Graph {
    crate::desired(&presets::DEFAULT.stack(&Facts::unknown()).unwrap())
}

fn waits(graph: &Graph, kind: Kind, name: &str) -> Vec<String> {
    let id: ResourceId = AwsId::new(kind, name).into();
    graph.get(&id).unwrap().depends_on.iter().map(ToString::to_string).collect()
}

#[test]
fn the_default_resources() {
    let graph = default_graph();
    let ids = graph.aws().map(|object| object.id.to_string());
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    insta::assert_snapshot!(ids.join("\n"));
}

#[test]
fn the_cluster_is_private_and_encrypted() {
    insta::assert_snapshot!(crate::render::yaml(&fields(&default_graph(), Kind::Cluster, "cluster")));
}

#[test]
fn the_database_is_protected() {
    let graph = default_graph();
    insta::assert_snapshot!(crate::render::yaml(&fields(&graph, Kind::DbInstance, "database")));
    let rules = fields(&graph, Kind::SecurityGroupRules, "database");
    let peers: Vec<&str> =
        rules["ingress"].as_array().unwrap().iter().map(|rule| rule["peer"].as_str().unwrap()).collect();
    assert_eq!(peers, ["<cluster/cluster#securityGroupId>", "<security-group/node#id>"]);
    assert!(rules["egress"].as_array().unwrap().is_empty());
    assert_eq!(fields(&graph, Kind::DbParameterGroup, "postgres17")["parameters"]["rds.force_ssl"], "1");
}

#[test]
fn nodes_wait_for_what_they_need_and_others_wait_for_nodes() {
    let graph = default_graph();
    let of_nodes = waits(&graph, Kind::NodeGroup, "core");
    for needed in ["Cluster cluster", "Addon vpc-cni", "Addon kube-proxy", "RouteTable private-us-west-2a"] {
        assert!(of_nodes.iter().any(|wait| wait == needed), "{needed} not in {of_nodes:?}");
    }
    for addon in ["coredns", "aws-ebs-csi-driver", "aws-efs-csi-driver", "metrics-server"] {
        assert!(waits(&graph, Kind::Addon, addon).contains(&"NodeGroup core".to_owned()), "{addon}");
    }
    assert!(waits(&graph, Kind::Cluster, "cluster").contains(&"LogGroup cluster".to_owned()));
}

#[test]
fn nodes_reach_the_control_plane_and_karpenter_finds_its_places() {
    let graph = default_graph();
    let template = fields(&graph, Kind::LaunchTemplate, "core");
    assert_eq!(template["httpTokens"], "required");
    assert_eq!(template["httpPutResponseHopLimit"], 1);
    assert_eq!(template["encrypted"], true);
    let groups: Vec<&str> =
        template["securityGroupIds"].as_array().unwrap().iter().filter_map(|id| id.as_str()).collect();
    assert_eq!(groups, ["<cluster/cluster#securityGroupId>", "<security-group/node#id>"]);
    let mut discovered: Vec<String> = graph
        .aws()
        .filter(|object| {
            object.tags.get("karpenter.sh/discovery").is_some_and(|to| to == "self-managed-airflow")
        })
        .map(|object| object.id.to_string())
        .collect();
    discovered.sort();
    assert_eq!(
        discovered,
        ["SecurityGroup node", "Subnet data-plane-us-west-2a", "Subnet data-plane-us-west-2b"]
    );
}

#[test]
fn nat_gateways_are_as_many_as_the_stack_says() {
    let yaml = |rest: &str| format!("name: demo\nregion: us-west-2\nnodeGroups: [{{name: core}}]\n{rest}");
    let of = |rest: &str| names(&graph(&yaml(rest)), Kind::NatGateway).len();
    assert_eq!(of(""), 2);
    assert_eq!(of("environment: demo\n"), 1);
    assert_eq!(of("network: {zoneCount: 3}\n"), 3);
    assert_eq!(of("network: {natGateways: none, interfaceEndpoints: [ec2, ecr-api, ecr-dkr, sts]}\n"), 0);
}

#[test]
fn what_exists_is_never_made() {
    let graph = crate::desired(
        &presets::ALL
            .iter()
            .find(|p| p.name == "existing-cluster")
            .unwrap()
            .stack(&Facts::unknown())
            .unwrap(),
    );
    for kind in [
        Kind::Vpc,
        Kind::Subnet,
        Kind::Cluster,
        Kind::DbInstance,
        Kind::FileSystem,
        Kind::Addon,
        Kind::SecurityGroup,
        Kind::NatGateway,
        Kind::KmsKey,
    ] {
        assert!(names(&graph, kind).is_empty(), "{kind}");
    }
    assert!(object(&graph, Kind::ExistingCluster, "cluster").unwrap().shared);
    assert!(!names(&graph, Kind::Secret).contains(&"database/password"));
    assert_eq!(names(&graph, Kind::Bucket), ["logs"]);
}

#[test]
fn secrets_are_those_of_the_airflow_version() {
    let yaml = |rest: &str| format!("name: demo\nregion: us-west-2\nnodeGroups: [{{name: core}}]\n{rest}");
    for delivery in ["direct", "external-secrets"] {
        let of = |version: &str| {
            let graph = graph(&yaml(&format!("secrets: {delivery}\nairflow: {{version: {version}}}\n")));
            let mut names: Vec<String> = names(&graph, Kind::Secret).into_iter().map(str::to_owned).collect();
            names.sort();
            names.join(" ")
        };
        assert_eq!(
            of("3.3.2"),
            "airflow/admin-password airflow/api-secret-key airflow/fernet-key airflow/jwt-secret database/password \
             grafana/admin-password"
        );
        assert_eq!(
            of("2.11.2"),
            "airflow/admin-password airflow/fernet-key airflow/webserver-secret-key database/password \
             grafana/admin-password"
        );
    }
}

#[test]
fn coredns_runs_on_fargate_where_there_is_nothing_else() {
    let stack = presets::ALL.iter().find(|p| p.name == "fargate").unwrap().stack(&Facts::unknown()).unwrap();
    let graph = crate::desired(&stack);
    let coredns = fields(&graph, Kind::Addon, "coredns");
    assert_eq!(coredns["configurationValues"]["computeType"], "Fargate");
    assert!(waits(&graph, Kind::Addon, "coredns").contains(&"FargateProfile kube-system".to_owned()));
    assert!(names(&graph, Kind::SecurityGroup).iter().all(|name| *name != "node"));
}

#[test]
fn pods_wait_for_what_they_run_on_and_who_they_are() {
    let graph = default_graph();
    let object = |kind: &str, name: &str| {
        let mut found =
            graph.kubernetes().filter(|object| object.id.kind == kind && object.id.name.starts_with(name));
        let id = found.next().unwrap().resource_id();
        let waits = graph.get(&id).unwrap().depends_on.iter();
        waits.map(ToString::to_string).collect::<Vec<String>>()
    };
    for (kind, name, needed) in [
        ("Namespace", "airflow", "Cluster cluster"),
        ("Deployment", "airflow-scheduler", "NodeGroup core"),
        ("Deployment", "airflow-scheduler", "Addon coredns"),
        ("Deployment", "airflow-scheduler", "Role airflow-scheduler"),
        ("Job", "airflow-run-airflow-migrations", "SecurityGroupRules database"),
        ("PersistentVolumeClaim", "airflow-dags", "MountTarget us-west-2a"),
        ("StorageClass", "efs-sc", "FileSystem dags"),
        ("NodePool", "spark-compute-optimized", "AccessEntry karpenter-node"),
        ("Secret", "airflow-fernet-key", "Secret airflow/fernet-key"),
    ] {
        let waits = object(kind, name);
        assert!(waits.iter().any(|wait| wait == needed), "{kind} {name}: {needed} not in {waits:?}");
    }
}

#[test]
fn nodes_of_karpenter_reach_pods_on_fargate() {
    let of =
        |rest: &str| graph(&format!("name: demo\nregion: us-west-2\nnodeGroups: [{{name: core}}]\n{rest}"));
    let fargate = "fargateProfiles: [{name: one, selectors: [{namespace: one}]}]\n";
    let both = of(&format!("{fargate}karpenterNodePools: [{{name: general}}]\n"));
    let rules = fields(&both, Kind::SecurityGroupRules, "fargate");
    assert_eq!(rules["groupId"], "<cluster/cluster#securityGroupId>");
    assert_eq!(rules["ingress"][0]["peer"], "<security-group/node#id>");
    let without = of("karpenterNodePools: [{name: general}]\n");
    assert!(!names(&without, Kind::SecurityGroupRules).contains(&"fargate"));
}
