//! What a difference in one field asks for.

use super::*;

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
