//! The cluster, who may enter it, its version and its add-ons.

use super::{DEFAULT, applied, blocked, converges, each_plans_exactly, one_by_one, there_and_back};

#[test]
fn the_cluster() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["cluster.logging=[api]"], &["Cluster cluster: update logging"]),
            (&["cluster.logRetentionDays=30"], &["LogGroup cluster: update retentionInDays"]),
            (
                &[
                    "cluster.endpointAccess.public=true",
                    "cluster.endpointAccess.publicCidrs=[203.0.113.0/24]",
                ],
                &["Cluster cluster: update endpointPublicAccess publicAccessCidrs"],
            ),
            (&["cluster.supportType=extended"], &["Cluster cluster: update supportType"]),
            (
                &[
                    "cluster.accessEntries=[{principalArn: arn:aws:iam::{account}:role/ops, policy: cluster-admin}]",
                ],
                &["AccessEntry arn:aws:iam::{account}:role/ops: create"],
            ),
        ],
    );
}

#[test]
fn who_may_enter_the_cluster() {
    one_by_one(
        "minimal",
        &["cluster.accessEntries=[{principalArn: arn:aws:iam::{account}:role/ops, policy: view}]"],
        &[
            (
                &["cluster.accessEntries[0].policy=edit"],
                &["AccessEntry arn:aws:iam::{account}:role/ops: update \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy.namespaces \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"],
            ),
            (
                &["cluster.accessEntries[0].namespaces=[airflow]"],
                &["AccessEntry arn:aws:iam::{account}:role/ops: update \
                   accessPolicies.arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy.namespaces"],
            ),
            (&["cluster.accessEntries=[]"], &["AccessEntry arn:aws:iam::{account}:role/ops: delete"]),
        ],
    );
}

#[test]
fn versions_go_up_and_never_down() {
    const CLUSTER: &str = "cluster.version=\"1.35\"";
    const DATABASE: &str = "database.version=\"17\"";
    let old = &["cluster.version=\"1.34\"", "database.version=\"16\""];
    let place = applied("minimal", old);
    each_plans_exactly(
        &place,
        old,
        &[
            (&[CLUSTER], &["Cluster cluster: update version", "NodeGroup core: update version"]),
            (
                &[DATABASE],
                &[
                    "DbParameterGroup postgres17: create",
                    "DbInstance database: update dbParameterGroupName engineVersion",
                    "DbParameterGroup postgres16: delete",
                ],
            ),
        ],
    );
    converges(&place, &[CLUSTER, DATABASE], &[]);
    for (resource, set) in [("Cluster cluster", old[0]), ("DbInstance database", old[1])] {
        let why = blocked(&place, resource, &[set]);
        assert!(why.contains("cannot go back to an earlier version"), "{why}");
    }
}

#[test]
fn add_ons() {
    there_and_back(
        DEFAULT,
        &[],
        &[
            (&["addons.coredns.values={replicaCount: 3}"], &["Addon coredns: update configurationValues"]),
            (
                &["addons.ebsCsiDriver.values={controller: {replicaCount: 3}}"],
                &["Addon aws-ebs-csi-driver: update configurationValues"],
            ),
            (&["addons.metricsServer.enabled=false"], &["Addon metrics-server: delete"]),
            (&["addons.podIdentityAgent.enabled=true"], &["Addon eks-pod-identity-agent: create"]),
            (&["addons.clusterAutoscaler.enabled=false"], &["Role cluster-autoscaler: delete"]),
        ],
    );
}
