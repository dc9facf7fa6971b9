//! What plans say, resource by resource.

mod deletions;
mod documents;
mod fields;
mod values;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::aws_resources::samples::{object, object_of};
use crate::aws_resources::{AwsKind, AwsObject, AwsResource, Effect};
use crate::engine::{Failure, Ownership, Readiness};
use crate::graph::{AwsId, GeneratedSecret, KubernetesObject, Late, ResourceId};

const ADOPT: PlanOptions = PlanOptions { adopt: true, delete_data: false };

/// What there is where everything is as wanted.
fn present(object: &AwsObject) -> Present {
    Present {
        physical_id: format!("{}-1", object.id.kind.word()),
        fields: object.body.to_value(),
        tags: object.tags.clone(),
        attributes: BTreeMap::new(),
        readiness: Readiness::Ready,
        ownership: Ownership::Ours,
        differences: None,
    }
}

fn graph(objects: &[AwsObject]) -> Graph {
    Graph::of(objects.iter().cloned().map(Body::Aws).collect(), &[])
}

fn observed<const N: usize>(resources: [(&AwsObject, Observed); N]) -> Observations {
    let resources = resources.into_iter().map(|(object, observed)| (object.id.clone().into(), observed));
    Observations { resources: resources.collect(), ..Observations::default() }
}

/// What is to be done about one resource.
fn action(object: &AwsObject, present: Present, options: PlanOptions) -> Action {
    let observed = observed([(object, Observed::Present(Box::new(present)))]);
    plan(&graph(std::slice::from_ref(object)), &observed, options).steps()[0].action.clone()
}

fn owned(kind: AwsKind, name: &str) -> Owned {
    Owned { id: AwsId::new(kind, name).into(), physical_id: format!("{}-1", kind.word()) }
}

#[test]
fn what_is_not_ours_is_only_taken_over_when_asked_and_never_deleted_for_it() {
    let role = object(AwsKind::Role, "nodes");
    let mut there = present(&role);
    there.ownership = Ownership::NotOurs("it carries no tag `airflow-eks/stack`".to_owned());
    there.tags.clear();
    let Action::Blocked { reason, hint, .. } = action(&role, there.clone(), PlanOptions::default()) else {
        panic!()
    };
    assert_eq!(reason, "there is already `role-1`, and it carries no tag `airflow-eks/stack`");
    assert!(hint.unwrap().starts_with("`--adopt`"));
    let Action::Update { changes } = action(&role, there.clone(), ADOPT) else { panic!() };
    assert_eq!(changes.len(), 2);
    there.fields["roleName"] = json!("other");
    assert_eq!(action(&role, there.clone(), ADOPT).kind(), ActionKind::Blocked);
    let shared = AwsObject { shared: true, ..role };
    assert_eq!(action(&shared, there, PlanOptions::default()), Action::Nothing);
}

#[test]
fn what_is_busy_is_waited_for_and_what_has_failed_is_made_again_where_nothing_is_lost() {
    let busy = |kind| {
        let object = object(kind, "it");
        let there = Present { readiness: Readiness::InProgress("CREATING".to_owned()), ..present(&object) };
        action(&object, there, PlanOptions::default())
    };
    let failed = |kind| {
        let object = object(kind, "it");
        let there = Present { readiness: Readiness::Failed("no room".to_owned()), ..present(&object) };
        action(&object, there, PlanOptions::default())
    };
    assert_eq!(busy(AwsKind::Cluster).reason(), Some("CREATING"));
    assert_eq!(busy(AwsKind::Cluster).kind(), ActionKind::Wait);
    let Action::Replace { forced_by, reason, .. } = failed(AwsKind::NodeGroup) else { panic!() };
    assert_eq!((forced_by, reason), (vec!["status".to_owned()], Some("it has failed: no room".to_owned())));
    for kind in [AwsKind::Cluster, AwsKind::DbInstance, AwsKind::FileSystem, AwsKind::Bucket] {
        assert_eq!(failed(kind).kind(), ActionKind::Blocked, "{kind}");
    }
}

/// A database that is not the stack's own is never observed.
#[test]
fn a_key_is_not_made_anew_while_the_cluster_still_holds_it() {
    let mut key = object(AwsKind::Secret, "it");
    key.id = AwsId::new(AwsKind::Secret, GeneratedSecret::FernetKey.name());
    let holder = KubernetesObject::from_value(json!({ "apiVersion": "v1", "kind": "Secret",
        "metadata": { "name": "airflow-fernet-key", "namespace": "airflow" } }))
    .unwrap();
    let ids: [ResourceId; 2] = [key.id.clone().into(), holder.id.clone().into()];
    let graph =
        Graph::of(vec![Body::Aws(key.clone()), Body::from(holder)], &[(ids[1].clone(), ids[0].clone())]);
    let planned = |there: Observed| {
        let resources = [(ids[0].clone(), Observed::Absent), (ids[1].clone(), there)];
        let observed = Observations { resources: resources.into(), ..Observations::default() };
        let plan = plan(&graph, &observed, PlanOptions::default());
        plan.steps().iter().find(|step| step.id == ids[0]).unwrap().action.clone()
    };
    assert_eq!(planned(Observed::Absent).kind(), ActionKind::Create);
    let there = |ownership| {
        let physical_id = "airflow/airflow-fernet-key#1".to_owned();
        Observed::Present(Box::new(Present { ownership, physical_id, ..present(&key) }))
    };
    assert_eq!(planned(there(Ownership::NotOurs("another's".to_owned()))).kind(), ActionKind::Create);
    let Action::Blocked { reason, hint, .. } = planned(there(Ownership::Ours)) else { panic!() };
    assert!(reason.starts_with("it is lost"), "{reason}");
    assert!(hint.unwrap().contains("Secret airflow/airflow-fernet-key"));
}

#[test]
fn what_cannot_be_read_is_never_taken_for_absent() {
    let vpc = object(AwsKind::Vpc, "vpc");
    let failure = Failure {
        resource: "Vpc vpc".to_owned(),
        operation: "ec2:DescribeVpcs".to_owned(),
        code: Some("UnauthorizedOperation".to_owned()),
        message: "no".to_owned(),
        hint: Some("ask for the right".to_owned()),
    };
    let graph = graph(std::slice::from_ref(&vpc));
    let found = plan(&graph, &observed([(&vpc, Observed::Unreadable(failure))]), PlanOptions::default());
    let Action::Blocked { reason, hint, .. } = &found.steps()[0].action else { panic!() };
    assert_eq!(reason, "it cannot be read: Vpc vpc: ec2:DescribeVpcs failed with UnauthorizedOperation: no");
    assert_eq!(hint.as_deref(), Some("ask for the right"));
    let unasked = plan(&graph, &Observations::default(), PlanOptions::default());
    assert_eq!(unasked.blocked().count(), 1);
}
