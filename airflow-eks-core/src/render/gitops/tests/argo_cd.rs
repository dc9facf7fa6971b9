use serde_json::json;

use super::{GitOpsTool, Repository, file, hand_made_for, paths};

fn repository(more: &str) -> Repository {
    hand_made_for(GitOpsTool::ArgoCd, more)
}

#[test]
fn applications_first_then_the_objects() {
    assert_eq!(
        paths(&repository("")),
        [
            "stacks/demo/application.yaml",
            "stacks/demo/applications/demo-objects-1.yaml",
            "stacks/demo/applications/demo-karpenter-crd.yaml",
            "stacks/demo/applications/demo-karpenter.yaml",
            "stacks/demo/applications/demo-objects-2.yaml",
            "stacks/demo/applications/demo-metrics-server.yaml",
            "stacks/demo/objects-1/namespace-karpenter.yaml",
            "stacks/demo/objects-1/configmap-airflow-config.yaml",
            "stacks/demo/objects-1/ingress-airflow-web.yaml",
            "stacks/demo/objects-2/persistentvolumeclaim-airflow-dags.yaml",
            "stacks/demo/objects-2/nodepool-airflow-jobs.yaml",
            "stacks/demo/objects-2/job-airflow-migrate.yaml",
            "stacks/demo/objects-2/deployment-airflow-scheduler.yaml",
        ]
    );
}

#[test]
fn an_application_waits_for_those_before_it() {
    let repository = repository("");
    let wave = |name: &str| {
        file(&repository, name)["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"].clone()
    };
    let waves: Vec<_> = [
        "applications/demo-objects-1.yaml",
        "applications/demo-karpenter-crd.yaml",
        "applications/demo-karpenter.yaml",
        "applications/demo-objects-2.yaml",
        "applications/demo-metrics-server.yaml",
    ]
    .map(wave)
    .into();
    assert_eq!(waves, ["0", "1", "2", "3", "3"]);
    assert_eq!(file(&repository, "demo/application.yaml")["metadata"].get("annotations"), None);
}

#[test]
fn within_an_application_objects_have_waves() {
    let repository = repository("");
    let notes = |name: &str| file(&repository, name)["metadata"]["annotations"].clone();
    assert_eq!(notes("/nodepool-airflow-jobs.yaml")["argocd.argoproj.io/sync-wave"], "0");
    assert_eq!(notes("/job-airflow-migrate.yaml"), json!({ "argocd.argoproj.io/sync-wave": "1" }));
    assert_eq!(
        notes("/persistentvolumeclaim-airflow-dags.yaml"),
        json!({ "argocd.argoproj.io/sync-wave": "2", "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" })
    );
}

#[test]
fn a_chart_of_an_oci_registry_is_named_as_argo_cd_wants_it() {
    let repository = repository("");
    let source = &file(&repository, "applications/demo-karpenter.yaml")["spec"]["source"];
    assert_eq!(
        *source,
        json!({
            "repoURL": "public.ecr.aws/karpenter",
            "chart": "karpenter",
            "targetRevision": "1.14.1+build",
            // The definitions are those of the release before.
            "helm": { "releaseName": "karpenter", "skipCrds": true, "valuesObject": { "replicas": 2 } },
        })
    );
    let source = &file(&repository, "applications/demo-karpenter-crd.yaml")["spec"]["source"];
    assert_eq!(source["helm"].get("skipCrds"), None);
    let source = &file(&repository, "applications/demo-metrics-server.yaml")["spec"]["source"];
    assert_eq!(
        (&source["repoURL"], &source["chart"]),
        (&json!("https://charts.example.com"), &json!("metrics-server"))
    );
}

#[test]
fn deleting_an_application_deletes_nothing_unless_asked() {
    for (more, expected) in [
        ("", None),
        ("onRemoval: delete, ", Some(json!(["resources-finalizer.argocd.argoproj.io/foreground"]))),
    ] {
        let repository =
            repository(&format!("gitops: {{{more}repository: \"https://git.example.com/a/b\"}}\n"));
        let applications = repository.files.iter().filter(|file| file.object["kind"] == "Application");
        let finalizers: Vec<_> =
            applications.map(|file| file.object["metadata"].get("finalizers").cloned()).collect();
        assert_eq!(finalizers, vec![expected; 6]);
    }
}

#[test]
fn where_everything_lies_is_the_stacks_choice() {
    let repository = repository(
        "gitops: {repository: \"https://git.example.com/a/b\", revision: release, path: apps/x, namespace: cd, project: data}\n",
    );
    assert_eq!(repository.entry, "apps/x/application.yaml");
    let root = file(&repository, "apps/x/application.yaml");
    assert_eq!(root["metadata"]["namespace"], "cd");
    assert_eq!(root["spec"]["project"], "data");
    assert_eq!(
        root["spec"]["source"],
        json!({ "repoURL": "https://git.example.com/a/b", "path": "apps/x/applications", "targetRevision": "release" })
    );
}
