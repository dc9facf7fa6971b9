//! What goes, and in which order.

use super::*;
use crate::graph::{ObjectId, ReleaseId};

#[test]
fn what_is_no_longer_wanted_is_deleted_and_data_only_when_asked() {
    let vpc = object(AwsKind::Vpc, "vpc");
    let graph = graph(std::slice::from_ref(&vpc));
    let mut there = present(&vpc);
    there.fields["enableDnsSupport"] = json!(false);
    let observed = observed([(&vpc, Observed::Present(Box::new(there)))]).with_owned(vec![
        owned(AwsKind::Vpc, "vpc"),
        owned(AwsKind::DbSubnetGroup, "database"),
        owned(AwsKind::DbInstance, "database"),
        owned(AwsKind::Subnet, "database-a"),
        owned(AwsKind::ExistingCluster, "cluster"),
    ]);
    let kinds = |options| -> Vec<(String, ActionKind)> {
        let plan = plan(&graph, &observed, options);
        plan.steps().iter().map(|step| (step.id.to_string(), step.action.kind())).collect()
    };
    let expected = |data| {
        vec![
            ("Vpc vpc".to_owned(), ActionKind::Update),
            ("DbInstance database".to_owned(), data),
            ("DbSubnetGroup database".to_owned(), ActionKind::Delete),
            ("Subnet database-a".to_owned(), ActionKind::Delete),
        ]
    };
    assert_eq!(kinds(PlanOptions::default()), expected(ActionKind::Blocked));
    assert_eq!(kinds(PlanOptions { delete_data: true, adopt: false }), expected(ActionKind::Delete));
}

#[test]
fn destroying_goes_from_the_inside_out() {
    let all: Vec<Owned> = AwsKind::ALL.iter().map(|kind| owned(*kind, "it")).collect();
    let plan = Plan::destroy(&all);
    assert_eq!(plan.steps().len(), all.len() - 1, "an existing cluster stays");
    let mut gone: Vec<&ResourceId> = Vec::new();
    for step in plan.steps() {
        assert!(step.depends_on.iter().all(|id| gone.contains(&id)), "{}", step.id);
        gone.push(&step.id);
    }
    let cluster = plan.steps().iter().find(|step| step.id.kind() == "Cluster").unwrap();
    let before: Vec<String> = cluster.depends_on.iter().map(ResourceId::kind).collect();
    for kind in ["AccessEntry", "PodIdentityAssociation", "NodeGroup", "FargateProfile", "Addon"] {
        assert!(before.iter().any(|before| before == kind), "{kind} not in {before:?}");
    }
}

/// What runs, what it uses, the claims of both, what looks after them, and the namespace.
#[test]
fn what_is_in_a_cluster_goes_floor_by_floor_and_before_the_cluster() {
    let object = |kind: &str| -> ResourceId { ObjectId::new("", kind, Some("airflow"), "it").into() };
    let release = |name: &str| -> ResourceId { ReleaseId::new("karpenter", name).into() };
    let ids = [
        object("Namespace"),
        release("karpenter-crd"),
        release("karpenter"),
        object("EC2NodeClass"),
        object("NodePool"),
        object("PersistentVolumeClaim"),
        object("Deployment"),
    ];
    let in_cluster = ids.iter().map(|id| Owned { id: id.clone(), physical_id: id.name() });
    let all: Vec<Owned> = in_cluster.chain([owned(AwsKind::Cluster, "cluster")]).collect();
    let plan = Plan::destroy(&all);
    let order: Vec<ResourceId> = plan.steps().iter().map(|step| step.id.clone()).collect();
    assert_eq!(order[..7], ids.iter().rev().cloned().collect::<Vec<_>>());
    for (earlier, later) in order.iter().zip(&order[1..]) {
        let later = plan.steps().iter().find(|step| step.id == *later).unwrap();
        assert!(later.depends_on.contains(earlier), "{} does not wait for {earlier}", later.id);
    }
}

/// A pod may use what leaves the stack until it is changed itself.
#[test]
fn what_leaves_a_cluster_leaves_after_what_is_changed_in_it() {
    let body = json!({ "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": "new", "namespace": "airflow" } });
    let made = KubernetesObject::from_value(body).unwrap();
    let old: ResourceId = ObjectId::new("", "ConfigMap", Some("airflow"), "old").into();
    let resources = [(made.resource_id(), Observed::Absent)].into();
    let observed = Observations { resources, ..Observations::default() }
        .with_owned(vec![Owned { id: old.clone(), physical_id: "old".to_owned() }]);
    let plan = plan(&Graph::of_objects(vec![made.clone()]), &observed, PlanOptions::default());
    let step = plan.steps().iter().find(|step| step.id == old).unwrap();
    assert_eq!(step.action.kind(), ActionKind::Delete);
    assert!(step.depends_on.contains(&made.resource_id()));
}
