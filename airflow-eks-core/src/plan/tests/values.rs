//! Values that are told on the way, and values between which there is no way.

use super::*;

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
