//! What is taken out of a stack goes, exactly that, and nothing that only looks like it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use airflow_eks_testbed::{FreshOptions, TestBed};
use serde_json::{Value, json};

use crate::inventory::{Inventory, kinds, names};
use crate::stacks::{airflow, head, stand_in};
use crate::support::Place;

/// The mark by which the test knows what is not the stack's; nobody else looks at it.
const FOREIGN: &str = "testbed.airflow-eks/foreign=yes";

/// A stack with an add-on, two node pools and two teams; or without one of each.
fn stack(place: &Place, whole: bool) -> String {
    let chart = place.path().join("kubecost");
    let release = format!("  kubecost: {{enabled: true, chart: {{path: {}}}}}\n", chart.display());
    let head = head(&place.name).replace("nodeGroups: [{name: core}]\n", "");
    // Others look after the cluster, and with it after Karpenter and Spark's operator.
    let head = head.replace("environment: demo\n", EXISTING);
    let (head, pool, team) = match whole {
        true => {
            let head = head.replace("  kubecost: {enabled: false}\n", &release);
            (head, "  - {name: batch}\n", "    - {name: team-b}\n")
        }
        false => (head, "", ""),
    };
    let off = "  sparkOperator: {enabled: false}\n  sparkHistoryServer: {enabled: false}\n";
    format!(
        "{head}{off}karpenterNodePools:\n  - {{name: general}}\n{pool}spark:\n  enabled: true\n  teams:\n    - {{name: team-a}}\n\
         {team}{}",
        airflow(&place.name, "")
    )
}

const EXISTING: &str = "environment: demo\ncluster: {version: \"1.35\", existing: {name: platform}}\n\
    network: {existing: {vpcId: vpc-0a1b2c3d4e5f60718, \
    privateSubnetIds: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]}}\n\
    identities: {provider: pod-identity}\n";

/// Two hundred objects that look like the stack's: their labels, kinds, namespaces and the beginnings of their names.
fn foreign(place: &Place) -> String {
    let mut manifest = String::new();
    for number in 0..200 {
        let mut labels = match number % 5 {
            0 => json!({ "airflow-eks/stack": format!("{}-other", place.name) }),
            1 => {
                json!({ "app.kubernetes.io/managed-by": "airflow-eks", "app.kubernetes.io/part-of": place.name })
            }
            2 => json!({ "applyset.kubernetes.io/part-of": "applyset-of-somebody-else-v1" }),
            3 => json!({ "airflow-eks.stack": place.name, "release": "airflow" }),
            _ => json!({ "app.kubernetes.io/managed-by": "Helm", "release": "kubecost" }),
        };
        let (key, value) = FOREIGN.split_once('=').unwrap();
        labels[key] = json!(value);
        labels["testbed.airflow-eks/ignore"] = json!("true");
        let metadata =
            |name: &str, namespace: &str| json!({ "name": name, "namespace": namespace, "labels": labels });
        let object: Value = match number % 4 {
            0 => json!({ "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": metadata(&format!("airflow-config-{number}"), "default") }),
            1 => json!({ "apiVersion": "v1", "kind": "ServiceAccount",
                "metadata": metadata(&format!("team-b-{number}"), "kube-system") }),
            2 => json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                "metadata": metadata(&format!("kubecost-{number}"), ""), "rules": [] }),
            _ => json!({ "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": metadata(&format!("batch-{number}"), &place.name) }),
        };
        writeln!(manifest, "---\n{object}").unwrap();
    }
    manifest
}

fn of_others(place: &Place) -> Inventory {
    place.look("configmaps,serviceaccounts,clusterroles", &[&format!("--selector={FOREIGN}")])
}

#[test]
fn an_add_on_a_pool_and_a_team_go_with_exactly_what_is_theirs() {
    let options = FreshOptions::default().with_nodes().with_definitions_of("Karpenter");
    let bed = TestBed::fresh(options.with_definitions_of("Spark Operator")).unwrap();
    let place = Place::on(&bed, "pruned");
    stand_in(place.path(), "kubecost");
    place.stack(&stack(&place, true));
    place.apply_with(&["--timeout=2m"]).ok();
    let whole = place.rendered();
    let kinds = kinds(&whole);
    assert_eq!(place.owned(&kinds), names(&whole));

    let file = place.path().join("foreign.yaml");
    std::fs::write(&file, foreign(&place)).unwrap();
    place.kubectl(&["create", "--filename", file.to_str().unwrap()]);
    let others = of_others(&place);
    assert_eq!(others.len(), 200);

    place.stack(&stack(&place, false));
    let rest = names(&place.rendered());
    let going: BTreeSet<String> = names(&whole).difference(&rest).cloned().collect();
    for name in ["Namespace /kubecost", "Namespace /team-b", "NodePool /batch", "EC2NodeClass /batch"] {
        assert!(going.contains(name), "{name} is not among {going:?}");
    }
    let plan = place.planned();
    let deleted = plan.lines().filter(|line| line.starts_with("-   ")).count();
    assert_eq!(deleted, going.len() + 1, "these and the release:\n{plan}");
    place.apply_with(&["--timeout=2m"]).ok();
    assert_eq!(place.owned(&kinds), rest);
    assert_eq!(of_others(&place), others, "nothing of others was touched");
    let helm =
        place.kubectl(&["get", "secrets", "--all-namespaces", "--selector=owner=helm", "--output=name"]);
    assert_eq!(helm, "");
    place.is_settled();

    // The namespace of Airflow holds what is not the stack's: it is not deleted with it.
    let refused = place.destroy();
    refused.fails(3, &[&format!("Namespace {}", place.name), "batch-"]);
    assert_eq!(of_others(&place), others, "nothing of others was touched");
    place.within(&["delete", "configmaps", &format!("--selector={FOREIGN}")]);
    place.destroy().ok();
    assert!(place.owned(&kinds).is_empty());
    assert_eq!(of_others(&place).len(), 150);
}
