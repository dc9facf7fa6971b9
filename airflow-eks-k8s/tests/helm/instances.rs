//! Custom resources of others, of kinds that a release defines.

use std::fs;

use airflow_eks_core::graph::ChartSource;
use airflow_eks_testbed::{Chart, FreshOptions, TestBed};
use serde_json::{Value, json};

use crate::setup::Setup;

impl Setup {
    fn apply(&self, object: &Value) {
        let file = self.folder.path().join("object.json");
        fs::write(&file, object.to_string()).unwrap();
        self.kubectl(&["apply", "--filename", &file.display().to_string()]);
    }
}

fn node_pool(name: &str, labels: Value) -> Value {
    json!({ "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": { "name": name, "labels": labels },
        "spec": { "template": { "spec": node_claim_spec() } } })
}

fn node_claim_spec() -> Value {
    json!({ "nodeClassRef": { "group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "theirs" },
        "requirements": [{ "key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"] }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_stay_while_others_have_objects_of_their_kinds() {
    let fresh = TestBed::fresh(FreshOptions::default()).unwrap();
    let setup = Setup::on((*fresh).clone(), "instances").await;
    let releases = setup.releases().await;
    let folder = Chart::named("karpenter-crd").unwrap().folder.display().to_string();
    let release = setup.release_from("karpenter-crd", ChartSource::Path(folder), None, json!({}));
    releases.create(&release).await.unwrap();
    let definition = |name: &str| setup.field(&format!("crd/{name}"), "{.metadata.name}");

    setup.apply(&node_pool("ours", json!({ "airflow-eks/stack": setup.stack })));
    let uid = setup.field("nodepool/ours", "{.metadata.uid}");
    // What goes with something of the stack is no other's.
    setup.apply(&json!({ "apiVersion": "karpenter.sh/v1", "kind": "NodeClaim", "spec": node_claim_spec(),
        "metadata": { "name": "of-ours", "ownerReferences": [
            { "apiVersion": "karpenter.sh/v1", "kind": "NodePool", "name": "ours", "uid": uid }] } }));
    for name in ["a", "b", "c", "d", "e", "f"] {
        setup.apply(&node_pool(&format!("theirs-{name}"), json!({ "airflow-eks/stack": "another" })));
    }
    // Helm does not ask the cluster which definitions are to be kept.
    setup.kubectl(&["annotate", "crd", "nodepools.karpenter.sh", "helm.sh/resource-policy=keep"]);

    let failure = releases.delete(&release.id).await.unwrap_err();
    assert_eq!(
        failure.message,
        "its chart takes nodepools.karpenter.sh along, and with that what is not the stack's: NodePool theirs-a, \
         NodePool theirs-b, NodePool theirs-c, NodePool theirs-d, NodePool theirs-e and 1 more"
    );
    assert!(failure.hint.unwrap().contains("helm.sh/resource-policy: keep"));
    assert_eq!(setup.field("nodepool/theirs-a", "{.metadata.name}"), "theirs-a");
    assert_eq!(setup.statuses("karpenter-crd"), ["deployed"]);

    for name in ["a", "b", "c", "d", "e", "f"] {
        setup.kubectl(&["delete", "nodepool", &format!("theirs-{name}")]);
    }
    releases.delete(&release.id).await.unwrap();
    assert_eq!(definition("nodepools.karpenter.sh"), "");
    assert_eq!(definition("nodeclaims.karpenter.sh"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_that_the_chart_keeps_go_nowhere() {
    let fresh = TestBed::fresh(FreshOptions::default()).unwrap();
    let setup = Setup::on((*fresh).clone(), "kept").await;
    let releases = setup.releases().await;
    let folder = Chart::named("karpenter-crd").unwrap().folder.display().to_string();
    let values = json!({ "additionalAnnotations": { "helm.sh/resource-policy": "keep" } });
    let release = setup.release_from("karpenter-crd", ChartSource::Path(folder), None, values);
    releases.create(&release).await.unwrap();
    setup.apply(&node_pool("theirs", json!({})));
    let kept = releases.delete(&release.id).await.unwrap();
    assert!(kept.contains(&"CustomResourceDefinition nodepools.karpenter.sh".to_owned()), "{kept:?}");
    assert_eq!(setup.field("nodepool/theirs", "{.metadata.name}"), "theirs");
}
