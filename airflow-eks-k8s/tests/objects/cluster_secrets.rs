//! Generated secrets that the cluster keeps.

use airflow_eks_core::engine::Secrets;
use airflow_eks_core::graph::{GeneratedSecret, Late};
use airflow_eks_k8s::{Access, ClusterSecrets};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::json;

use crate::stack::Stack;

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_made_once_whoever_comes_first() {
    let stack = Stack::new("kept");
    let file = Some(stack.bed.kubeconfig_path().to_owned());
    let secrets =
        || ClusterSecrets::new(&stack.name, Access::Kubeconfig { file: file.clone(), context: None });
    assert_eq!(secrets().text(GeneratedSecret::FernetKey).await.unwrap(), None, "reading makes nothing");
    let needed = [GeneratedSecret::FernetKey, GeneratedSecret::JwtSecret];
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let secrets = secrets();
            tokio::spawn(async move {
                secrets.make(&needed).await.unwrap();
                secrets.text(GeneratedSecret::FernetKey).await.unwrap().unwrap()
            })
        })
        .collect();
    let mut seen = Vec::new();
    for run in runs {
        seen.push(run.await.unwrap().expose().to_owned());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(URL_SAFE.decode(&seen[0]).unwrap().len(), 32);
    assert_ne!(secrets().text(GeneratedSecret::JwtSecret).await.unwrap().unwrap().expose(), seen[0]);

    let failure = secrets().make(&[GeneratedSecret::DatabasePassword]).await.unwrap_err();
    assert!(
        failure.hint.as_deref().unwrap_or_default().contains("AIRFLOW_EKS_DATABASE_PASSWORD"),
        "{failure:?}"
    );
    let name = format!("airflow-eks-{}-secrets", stack.name);
    stack.bed.kubectl().run("clean up", &["delete", "secret", &name, "--namespace=kube-system"]).unwrap();
}

/// With another key nothing could be read that is encrypted in the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_not_made_anew_while_the_stack_still_holds_it() {
    let stack = Stack::in_namespace_of_others("lost");
    let file = Some(stack.bed.kubeconfig_path().to_owned());
    let secrets = ClusterSecrets::new(&stack.name, Access::Kubeconfig { file, context: None });
    let needed = [GeneratedSecret::FernetKey, GeneratedSecret::JwtSecret];
    secrets.make(&needed).await.unwrap();
    let holder = stack.object(json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "key" },
        "stringData": { "key": Late::Secret(GeneratedSecret::FernetKey).mark() } }));
    stack.apply(vec![holder]).await;
    secrets.make(&needed).await.unwrap();

    let name = format!("airflow-eks-{}-secrets", stack.name);
    let delete = || {
        stack.bed.kubectl().run("lose it", &["delete", "secret", &name, "--namespace=kube-system"]).unwrap()
    };
    delete();
    let failure = secrets.make(&needed).await.unwrap_err();
    let holder = format!("Secret {}/key", stack.namespace);
    assert!(failure.message.contains("`airflow.fernet-key` is lost"), "{failure}");
    assert!(failure.message.ends_with(&holder), "{failure}");
    assert_eq!(secrets.text(GeneratedSecret::FernetKey).await.unwrap(), None);
    // What only signs may be made anew.
    secrets.make(&[GeneratedSecret::JwtSecret]).await.unwrap();
    secrets.make(&needed).await.unwrap_err();

    stack.kubectl(&["delete", "secret", "key"]);
    secrets.make(&needed).await.unwrap();
    delete();
}
