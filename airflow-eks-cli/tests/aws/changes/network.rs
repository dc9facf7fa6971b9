//! The network, and what cannot be changed once it is there.

use super::{DEFAULT, applied, blocked, there_and_back};

#[test]
fn the_network() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (
                &["network.interfaceEndpoints=[ecr-api, ecr-dkr]"],
                &[
                    "SecurityGroup endpoints: create",
                    "VpcEndpoint ecr.api: create",
                    "VpcEndpoint ecr.dkr: create",
                    "SecurityGroupRules endpoints: create",
                ],
            ),
            (&["network.s3GatewayEndpoint=false"], &["VpcEndpoint s3: delete"]),
            (
                &["network.natGateways=single"],
                &[
                    "RouteTable private-us-west-2b: update routes",
                    "NatGateway us-west-2b: delete",
                    "ElasticIp us-west-2b: delete",
                ],
            ),
        ],
    );
}

#[test]
fn what_cannot_be_changed_is_blocked_and_told_why() {
    let place = applied(DEFAULT, &[]);
    let rows: &[(&str, &str, &str)] = &[
        ("network.vpcCidr=10.1.0.0/16", "Vpc vpc", "everything in the VPC would have to be made again"),
        (
            "network.secondaryCidr=100.65.0.0/16",
            "Subnet data-plane-us-west-2a",
            "everything in the subnet would have to be made again",
        ),
        (
            "network.zoneCount=3",
            "Subnet data-plane-us-west-2a",
            "everything in the subnet would have to be made again",
        ),
        (
            "cluster.secretsEncryption=false",
            "Cluster cluster",
            "EKS cannot change the key, or stop encrypting",
        ),
        ("cluster.version=\"1.34\"", "Cluster cluster", "cannot go back to an earlier version"),
        ("cluster.logging=[]", "LogGroup cluster", "would lose the logs in it"),
        (
            "addons.amazonManagedPrometheus.enabled=false",
            "PrometheusWorkspace metrics",
            "would lose the metrics in it",
        ),
    ];
    place.aws.clear_requests(&place.account).unwrap();
    for (set, resource, why) in rows {
        let told = blocked(&place, resource, &[set]);
        assert!(told.contains(why), "{set}: {told}");
        let ran = place.run(&["apply", "--only", "aws", "--yes", "--set", set]);
        assert_ne!(ran.code, 0, "{set}");
        assert!(ran.stderr.contains(why) || ran.stderr.contains("nothing was changed"), "{}", ran.stderr);
    }
    assert_eq!(place.mutations(), [""; 0], "nothing of it was begun");
}
