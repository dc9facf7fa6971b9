//! Roles and policies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{names, object, readable, stacks};
use crate::aws_resources::{AwsKind, AwsResource, Role};
use crate::graph::{AwsId, Graph};
use crate::spec::PodIdentity;

/// Actions that change something and that AWS ties to no resource: none. A condition or an ARN bounds all others.
const UNBOUND: &[&str] = &[];

fn roles(graph: &Graph) -> Vec<(AwsId, Role)> {
    let role = |object| match readable(object) {
        AwsResource::Role(role) => Some((object.id.clone(), role)),
        _ => None,
    };
    graph.aws().filter_map(role).collect()
}

/// The name of a role is what Kubernetes names it by.
#[test]
fn every_role_that_a_service_account_names_is_there() {
    for (name, stack) in stacks() {
        let graph = crate::desired(&stack);
        let known: BTreeSet<String> = roles(&graph).into_iter().map(|(_, role)| role.role_name).collect();
        let mut found = 0;
        for object in graph.kubernetes().filter(|object| object.id.kind == "ServiceAccount") {
            let body = object.resolved(&|late| format!("<{late}>"));
            let Some(arn) = body["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].as_str() else {
                continue;
            };
            let (_, role) = arn.split_once(":role/").unwrap();
            assert!(known.contains(role), "{name}: {} names {role}", object.id);
            found += 1;
            let (_, role) = roles(&graph).into_iter().find(|(_, known)| known.role_name == role).unwrap();
            let trusted = role.assume_role_policy_document.to_string();
            let subject =
                format!("system:serviceaccount:{}:{}", object.id.namespace.clone().unwrap(), object.id.name);
            assert!(trusted.contains(&subject), "{name}: {trusted} does not trust {subject}");
        }
        assert_eq!(found > 0, stack.spec().identities.provider == PodIdentity::Irsa, "{name}");
        for class in graph.kubernetes().filter(|object| object.id.kind == "EC2NodeClass") {
            let body = class.resolved(&|late| format!("<{late}>"));
            assert!(known.contains(body["spec"]["role"].as_str().unwrap()), "{name}");
        }
    }
}

/// With Pod Identity, the same service accounts have associations.
#[test]
fn associations_stand_in_for_annotations() {
    let mut accounts: BTreeMap<String, [BTreeSet<String>; 2]> = BTreeMap::new();
    for (name, stack) in stacks() {
        let graph = crate::desired(&stack);
        let (name, _) = name.split_once(" with ").unwrap();
        let sets = accounts.entry(name.to_owned()).or_default();
        for object in graph.kubernetes().filter(|object| object.id.kind == "ServiceAccount") {
            let body = object.resolved(&|late| format!("<{late}>"));
            let is_reader = object.id.name == "airflow-secrets";
            if !body["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].is_null() && !is_reader {
                let namespace = object.id.namespace.clone().unwrap();
                sets[0].insert(format!("{namespace}/{}", object.id.name));
            }
        }
        sets[1].extend(names(&graph, AwsKind::PodIdentityAssociation).into_iter().map(str::to_owned));
    }
    for (name, [annotated, associated]) in accounts {
        assert!(annotated.is_subset(&associated), "{name}: {annotated:?} {associated:?}");
    }
}

/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
#[test]
fn roles_stay_within_the_limits_of_iam() {
    for (name, stack) in stacks() {
        for (id, role) in roles(&crate::desired(&stack)) {
            assert!(role.role_name.len() <= 64, "{name}: {}", role.role_name);
            assert!(role.description.len() <= 1000 && role.description.is_ascii(), "{name}: {id}");
            assert!(role.managed_policy_arns.len() <= 10, "{name}: {id}");
            let inline: usize = role.inline_policies.values().map(|policy| policy.to_string().len()).sum();
            assert!(inline <= 10_240, "{name}: {id} has {inline} characters of policies");
            assert!(role.assume_role_policy_document.to_string().len() <= 2048, "{name}: {id}");
        }
    }
}

/// Every policy of the stack, whatever it belongs to.
fn policies(graph: &Graph) -> Vec<(AwsId, Value)> {
    let mut found = Vec::new();
    for object in graph.aws() {
        let policies: Vec<Value> = match readable(object) {
            AwsResource::Role(role) => {
                role.inline_policies.into_values().chain([role.assume_role_policy_document]).collect()
            }
            AwsResource::Bucket(bucket) => vec![bucket.policy],
            AwsResource::Queue(queue) => vec![queue.policy],
            AwsResource::KmsKey(key) => vec![key.policy],
            _ => continue,
        };
        found.extend(policies.into_iter().map(|policy| (object.id.clone(), policy)));
    }
    found
}

fn list(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

#[test]
fn policies_are_well_formed() {
    for (name, stack) in stacks() {
        for (id, policy) in policies(&crate::desired(&stack)) {
            assert_eq!(policy["Version"], "2012-10-17", "{name}: {id}");
            let statements = policy["Statement"].as_array().unwrap();
            assert!(!statements.is_empty(), "{name}: {id}");
            let mut names = BTreeSet::new();
            for statement in statements {
                assert!(matches!(statement["Effect"].as_str(), Some("Allow" | "Deny")), "{name}: {id}");
                for action in list(&statement["Action"]) {
                    assert!(action.contains(':'), "{name}: {id} has {action}");
                }
                assert!(!list(&statement["Action"]).is_empty(), "{name}: {id}");
                assert!(names.insert(statement["Sid"].as_str()), "{name}: {id} has a name twice");
                let sid = statement["Sid"].as_str().unwrap_or_default();
                assert!(sid.chars().all(|c| c.is_ascii_alphanumeric()), "{name}: {id} has {sid}");
                let federated = statement["Principal"]["Federated"].is_string();
                let service = statement["Principal"]["Service"].is_string();
                let has_resource = !list(&statement["Resource"]).is_empty();
                assert!(has_resource || federated || service, "{name}: {id} {statement}");
            }
        }
    }
}

/// Whether an action only looks.
fn is_read(action: &str) -> bool {
    let verb = action.split_once(':').map_or(action, |(_, verb)| verb);
    ["Describe", "Get", "List", "Query"].iter().any(|read| verb.starts_with(read))
}

/// Nothing is changed just anywhere. In a key's own policy, `*` means that key.
#[test]
fn nothing_may_be_changed_just_anywhere() {
    for (name, stack) in stacks() {
        for (id, policy) in policies(&crate::desired(&stack)) {
            for statement in policy["Statement"].as_array().unwrap() {
                let denies = statement["Effect"] == "Deny";
                let broad = list(&statement["Action"]).iter().any(|action| action.contains('*'));
                assert!(denies || id.kind == AwsKind::KmsKey || !broad, "{name}: {id} {statement}");
                if denies || id.kind == AwsKind::KmsKey || !list(&statement["Resource"]).contains(&"*") {
                    continue;
                }
                for action in list(&statement["Action"]) {
                    assert!(
                        is_read(action) || UNBOUND.contains(&action),
                        "{name}: {id} may {action} anywhere"
                    );
                }
            }
        }
    }
}

/// Every ARN is of the stack's own partition.
#[test]
fn arns_are_of_the_partition_of_the_region() {
    for (name, stack) in stacks() {
        let partition = format!("arn:{}:", stack.spec().region.partition());
        for (id, policy) in policies(&crate::desired(&stack)) {
            let text = policy.to_string();
            let foreign = text.match_indices("arn:").find(|(at, _)| !text[*at..].starts_with(&partition));
            assert_eq!(foreign, None, "{name}: {id}: {text}");
        }
        for (id, role) in roles(&crate::desired(&stack)) {
            assert!(role.managed_policy_arns.iter().all(|arn| arn.starts_with(&partition)), "{name}: {id}");
        }
    }
}

#[test]
fn a_boundary_and_further_policies_reach_the_roles() {
    let graph = super::graph(
        "name: demo\nregion: us-west-2\nnodeGroups: [{name: core}]\n\
         identities:\n  permissionsBoundary: arn:aws:iam::111122223333:policy/bound\n\
         \x20 policies: {airflow-worker: [arn:aws:iam::111122223333:policy/read-data]}\n",
    );
    for (id, role) in roles(&graph) {
        assert_eq!(
            role.permissions_boundary.as_deref(),
            Some("arn:aws:iam::111122223333:policy/bound"),
            "{id}"
        );
        let read_data = role.managed_policy_arns.contains("arn:aws:iam::111122223333:policy/read-data");
        assert_eq!(read_data, id.name == "airflow-worker", "{id}");
    }
}

/// Whoever only shows logs cannot write any, and nobody reaches beyond the folder of task logs.
#[test]
fn components_reach_their_logs_alone() {
    let graph =
        super::graph("name: demo\nregion: us-west-2\naccount: '111122223333'\nnodeGroups: [{name: core}]\n");
    let actions = |component: &str| -> Vec<String> {
        let id = format!("airflow-{component}");
        let (_, role) = roles(&graph).into_iter().find(|(known, _)| known.name == id).unwrap();
        let Some(policy) = role.inline_policies.get("task-logs") else { return Vec::new() };
        assert_eq!(
            policy["Statement"][1]["Resource"],
            "arn:aws:s3:::demo-airflow-logs-111122223333-us-west-2/airflow-logs/*"
        );
        list(&policy["Statement"][1]["Action"]).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(actions("api-server"), ["s3:GetObject"]);
    for writer in ["scheduler", "triggerer", "worker"] {
        assert_eq!(actions(writer), ["s3:GetObject", "s3:PutObject"]);
    }
    assert!(actions("dag-processor").is_empty());
    assert!(object(&graph, AwsKind::Role, "airflow-dag-processor").is_some());
}
