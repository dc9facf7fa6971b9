//! What plans say, resource by resource.

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

/// Every field of a value that is compared by itself, with another value for it.
fn mutations(object: &AwsObject) -> Vec<(String, Present)> {
    let all = diff::all(&Body::Aws(object.clone()));
    let fields = all.into_iter().filter(|change| !change.is_tag());
    fields
        .map(|change| {
            let mut present = present(object);
            let place = present.fields.pointer_mut(&pointer(&change.path)).unwrap();
            *place = other(place);
            (change.path, present)
        })
        .collect()
}

/// `labels["a.b/c"].d` as `/labels/a.b~1c/d`.
fn pointer(path: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let (part, after) = match rest.strip_prefix("[\"") {
            Some(quoted) => quoted.split_once("\"]").unwrap(),
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        parts.push(part.replace('~', "~0").replace('/', "~1"));
        rest = after;
    }
    parts.iter().map(|part| format!("/{part}")).collect()
}

fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap() - 1),
        Value::String(text) => json!(format!("{text}x")),
        Value::Array(items) if items.is_empty() => json!(["x"]),
        Value::Array(items) => json!(items[1..]),
        Value::Object(entries) => {
            let mut entries = entries.clone();
            entries.insert("other".to_owned(), json!("x"));
            Value::Object(entries)
        }
        Value::Null => json!("x"),
    }
}

#[test]
fn what_is_as_wanted_needs_nothing() {
    for kind in AwsKind::ALL {
        let object = object(*kind, "it");
        assert_eq!(action(&object, present(&object), PlanOptions::default()), Action::Nothing, "{kind}");
    }
}

#[test]
fn every_field_of_every_kind_is_one_change_with_its_own_effect() {
    let mut count = 0;
    for kind in AwsKind::ALL {
        let object = object(*kind, "it");
        for (path, present) in mutations(&object) {
            let found = action(&object, present, PlanOptions::default());
            let changed: Vec<&str> = found.changes().iter().map(|change| change.path.as_str()).collect();
            let expected = match kind.effect(&path) {
                Effect::InPlace => ActionKind::Update,
                Effect::Replace => ActionKind::Replace,
                Effect::Blocked(_) => ActionKind::Blocked,
                Effect::Initial => ActionKind::Nothing,
            };
            assert_eq!(found.kind(), expected, "{kind}.{path}: {found:?}");
            if expected != ActionKind::Nothing {
                assert_eq!(changed, [path.as_str()], "{kind}");
                count += 1;
            }
            if let Action::Replace { forced_by, .. } = &found {
                assert_eq!(forced_by.as_slice(), std::slice::from_ref(&path), "{kind}");
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn an_entry_too_many_is_removed_and_a_field_that_nobody_speaks_of_is_kept() {
    let group = object(AwsKind::NodeGroup, "core");
    let mut there = present(&group);
    there.fields["labels"]["more"] = json!("1");
    there.fields["releaseVersion"] = json!("1.35-20260101");
    let Action::Update { changes } = action(&group, there, PlanOptions::default()) else { panic!() };
    assert_eq!(changes, [FieldChange::new("labels.more", Some(json!("1")), After::Absent)]);
}

#[test]
fn what_the_stack_leaves_out_is_removed_where_that_means_nothing() {
    let mut role = object(AwsKind::Role, "node");
    let mut there = present(&role);
    there.fields["permissionsBoundary"] = json!("arn:aws:iam::111122223333:policy/limit");
    if let AwsResource::Role(role) = &mut role.body {
        role.permissions_boundary = None;
    }
    let Action::Update { changes } = action(&role, there, PlanOptions::default()) else { panic!() };
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.path.as_str(), &change.after), ("permissionsBoundary", &After::Absent));

    let mut cluster = object(AwsKind::Cluster, "cluster");
    let mut there = present(&cluster);
    there.fields["encryptionKeyArn"] = json!("arn:aws:kms:us-west-2:111122223333:key/1");
    if let AwsResource::Cluster(cluster) = &mut cluster.body {
        cluster.encryption_key_arn = None;
    }
    assert_eq!(action(&cluster, there, PlanOptions::default()).kind(), ActionKind::Blocked);
}

#[test]
fn tags_of_others_are_left_alone_and_our_own_are_mended() {
    let vpc = object(AwsKind::Vpc, "vpc");
    let mut there = present(&vpc);
    there.tags.insert("cost-centre".to_owned(), "7".to_owned());
    assert_eq!(action(&vpc, there.clone(), PlanOptions::default()), Action::Nothing);
    there.tags.remove("airflow-eks/resource");
    let Action::Update { changes } = action(&vpc, there, PlanOptions::default()) else { panic!() };
    assert_eq!(changes[0].path, "tags.airflow-eks/resource");
    assert_eq!(changes[0].before, None);
    assert!(changes[0].is_tag());
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

fn mark(id: &AwsId, attribute: Attribute) -> String {
    Late::Attribute(id.clone(), attribute).mark()
}

#[test]
fn a_new_version_of_a_launch_template_reaches_its_node_group() {
    let template = object(AwsKind::LaunchTemplate, "core");
    let AwsResource::NodeGroup(mut body) = object(AwsKind::NodeGroup, "core").body else { panic!() };
    body.launch_template_id = mark(&template.id, Attribute::Id);
    body.launch_template_version = mark(&template.id, Attribute::LatestVersion);
    let group = object_of("core", body.into());
    let told: BTreeMap<Attribute, String> =
        [(Attribute::Id, "lt-1".to_owned()), (Attribute::LatestVersion, "1".to_owned())].into();
    let template_there = Present { attributes: told, ..present(&template) };
    let group_there = present(&object(AwsKind::NodeGroup, "core"));
    let graph = graph(&[template.clone(), group.clone()]);
    let plan_of = |template_there: Present| {
        let observed = observed([
            (&template, Observed::Present(Box::new(template_there))),
            (&group, Observed::Present(Box::new(group_there.clone()))),
        ]);
        plan(&graph, &observed, PlanOptions::default())
    };
    assert!(plan_of(template_there.clone()).is_empty());

    let mut changed = template_there.clone();
    changed.fields["volumeSize"] = json!(50);
    let found = plan_of(changed);
    assert_eq!(
        found.steps()[1].action,
        Action::Update {
            changes: vec![FieldChange::new(
                "launchTemplateVersion",
                Some(json!("1")),
                After::KnownAfterApply
            )]
        }
    );

    let mut other_tags = template_there;
    other_tags.tags.clear();
    assert_eq!(plan_of(other_tags).steps()[1].action, Action::Nothing);
}

/// The role of a cluster was deleted by hand: made again it has the same ARN, so the cluster is not in the way.
#[test]
fn a_value_that_is_not_known_yet_blocks_nothing() {
    let role = object(AwsKind::Role, "cluster");
    let AwsResource::Cluster(mut body) = object(AwsKind::Cluster, "cluster").body else { panic!() };
    body.role_arn = mark(&role.id, Attribute::Arn);
    let cluster = object_of("cluster", body.into());
    let there = present(&object(AwsKind::Cluster, "cluster"));
    let observed = observed([(&role, Observed::Absent), (&cluster, Observed::Present(Box::new(there)))]);
    let found = plan(&graph(&[role, cluster]), &observed, PlanOptions::default());
    assert_eq!(found.blocked().count(), 0);
    assert_eq!(found.counts(), [(ActionKind::Create, 1), (ActionKind::Update, 1)].into());
    let text = found.to_string();
    assert!(text.contains("~   roleArn: \"arn:1\" → (known after apply)"), "{text}");
    assert!(text.ends_with("1 to create, 1 to update.\n"), "{text}");
}

#[test]
fn versions_go_up_step_by_step_and_disks_never_shrink() {
    let with = |kind, field: &str, wanted: &Value, there: &Value| {
        let mut fields = object(kind, "it").body.to_value();
        fields[field] = wanted.clone();
        let object = object_of("it", AwsResource::from_value(kind, fields).unwrap());
        let mut present = present(&object);
        present.fields[field] = there.clone();
        action(&object, present, PlanOptions::default()).kind()
    };
    use ActionKind::{Blocked, Nothing, Update};
    for (kind, field, wanted, there, expected) in [
        (AwsKind::Cluster, "version", json!("1.36"), json!("1.35"), Update),
        (AwsKind::Cluster, "version", json!("1.36"), json!("1.34"), Blocked),
        (AwsKind::Cluster, "version", json!("1.34"), json!("1.35"), Blocked),
        (AwsKind::NodeGroup, "version", json!("1.34"), json!("1.35"), Blocked),
        (AwsKind::DbInstance, "engineVersion", json!("17"), json!("17.4"), Nothing),
        (AwsKind::DbInstance, "engineVersion", json!("17.2"), json!("17.4"), Nothing),
        (AwsKind::DbInstance, "engineVersion", json!("17.5"), json!("17.4"), Update),
        (AwsKind::DbInstance, "engineVersion", json!("18"), json!("17.4"), Update),
        (AwsKind::DbInstance, "engineVersion", json!("16"), json!("17.4"), Blocked),
        (AwsKind::DbInstance, "allocatedStorage", json!(20), json!(35), Nothing),
        (AwsKind::DbInstance, "allocatedStorage", json!(50), json!(35), Update),
    ] {
        assert_eq!(with(kind, field, &wanted, &there), expected, "{kind} {field} {there} → {wanted}");
    }
}

fn owned(kind: AwsKind, name: &str) -> Owned {
    Owned { id: AwsId::new(kind, name).into(), physical_id: format!("{}-1", kind.word()) }
}

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

#[test]
fn the_document_says_what_the_plan_says() {
    let role = object(AwsKind::Role, "nodes");
    let mut there = present(&role);
    there.fields["description"] = json!("Old");
    let observed = observed([(&role, Observed::Present(Box::new(there)))])
        .with_owned(vec![owned(AwsKind::Queue, "old")]);
    let plan = plan(&graph(std::slice::from_ref(&role)), &observed, PlanOptions::default());
    assert_eq!(
        plan.to_json("demo"),
        json!({
            "version": 1,
            "stack": "demo",
            "steps": [
                { "resource": "Role nodes", "kind": "Role", "name": "nodes", "action": "update",
                  "dependsOn": [],
                  "changes": [{ "path": "description", "before": "Old", "after": "Nodes" }] },
                { "resource": "Queue old", "kind": "Queue", "name": "old", "action": "delete",
                  "dependsOn": [], "changes": [], "physicalId": "queue-1" },
            ],
            "summary": { "create": 0, "update": 1, "replace": 0, "delete": 1, "wait": 0, "blocked": 0,
                "nothing": 0 },
        })
    );
    assert_eq!(
        plan.to_string(),
        "~   Role nodes\n    ~   description: \"Old\" → \"Nodes\"\n-   Queue old (queue-1)\n\
         1 to update, 1 to delete.\n"
    );
}
