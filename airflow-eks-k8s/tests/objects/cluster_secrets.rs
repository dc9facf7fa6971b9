//! Generated secrets that the cluster keeps.

use airflow_eks_core::engine::Secrets;
use airflow_eks_core::graph::GeneratedSecret;
use airflow_eks_k8s::{Access, ClusterSecrets};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

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
