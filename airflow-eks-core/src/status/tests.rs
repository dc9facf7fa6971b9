//! How every resource is, in both forms.

use serde_json::json;

use super::*;
use crate::aws_resources::samples::object;
use crate::aws_resources::{AwsKind, AwsObject};
use crate::engine::Failure;
use crate::graph::{Attribute, AwsId};

fn present(object: &AwsObject) -> Present {
    Present {
        physical_id: "it-1".to_owned(),
        fields: object.body.to_value(),
        tags: object.tags.clone(),
        attributes: [(Attribute::Id, "it-1".to_owned()), (Attribute::VpcId, "vpc-9".to_owned())].into(),
        readiness: Readiness::Ready,
        ownership: Ownership::Ours,
        differences: None,
    }
}

fn of(resources: Vec<(AwsObject, Observed)>) -> StackStatus {
    let graph = Graph::of(resources.iter().map(|(object, _)| Body::Aws(object.clone())).collect(), &[]);
    let observed = resources.into_iter().map(|(object, observed)| (object.id.into(), observed)).collect();
    let account = Some("111122223333".parse().unwrap());
    let owned = vec![Owned { id: AwsId::new(AwsKind::Queue, "old").into(), physical_id: "old".to_owned() }];
    status(&graph, &Observations { account, resources: observed, owned })
}

fn there(present: Present) -> Observed {
    Observed::Present(Box::new(present))
}

#[test]
fn every_state_has_its_word_and_its_reason() {
    let [vpc, queue, group, role, bucket, database] = [
        AwsKind::Vpc,
        AwsKind::Queue,
        AwsKind::NodeGroup,
        AwsKind::Role,
        AwsKind::Bucket,
        AwsKind::DbInstance,
    ]
    .map(|kind| object(kind, if kind == AwsKind::Vpc { "vpc" } else { "it" }));
    let mut drifted = present(&vpc);
    drifted.fields["enableDnsSupport"] = json!(false);
    let failure = Failure {
        resource: "DbInstance it".to_owned(),
        operation: "rds:DescribeDBInstances".to_owned(),
        code: None,
        message: "no".to_owned(),
        hint: None,
    };
    let status = of(vec![
        (vpc, there(drifted)),
        (queue, Observed::Absent),
        (group.clone(), there(Present { readiness: Readiness::Failed("no room".into()), ..present(&group) })),
        (role.clone(), there(Present { ownership: Ownership::NotOurs("whose?".into()), ..present(&role) })),
        (
            bucket.clone(),
            there(Present { readiness: Readiness::InProgress("BUSY".into()), ..present(&bucket) }),
        ),
        (database, Observed::Unreadable(failure)),
    ]);
    assert!(!status.is_ready());
    assert_eq!(
        status.to_string(),
        "ready        Vpc vpc (1 field differs)\n\
         not ours     Role it: whose?\n\
         failed       NodeGroup it: no room\n\
         absent       Queue it\n\
         unreadable   DbInstance it: DbInstance it: rds:DescribeDBInstances failed: no\n\
         in progress  Bucket it: BUSY\n\
         unwanted     Queue old (old)\n\
         output       account.id = 111122223333\n\
         output       vpc.id = it-1\n\
         1 absent, 1 failed, 1 in progress, 1 not ours, 1 ready, 1 unreadable, 1 unwanted.\n"
    );
}

#[test]
fn the_outputs_of_the_document_can_be_read_again() {
    let existing = object(AwsKind::ExistingCluster, "cluster");
    let shared = AwsObject { shared: true, ..existing };
    let not_ours = Present { ownership: Ownership::NotOurs("whose?".into()), ..present(&shared) };
    let status = of(vec![(shared, there(not_ours))]);
    assert!(status.is_ready());
    let document = status.to_json("demo");
    assert_eq!(document["outputs"], json!({ "account.id": "111122223333", "vpc.id": "vpc-9" }));
    assert_eq!(document["resources"][0]["state"], "ready");
    assert_eq!(Outputs::from_json(&document.to_string()).unwrap(), status.outputs);
}
