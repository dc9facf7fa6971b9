use serde_json::{Value, json};

use super::{GitOpsTool, Repository, file, hand_made_for, paths};

fn repository(more: &str) -> Repository {
    hand_made_for(GitOpsTool::Flux, more)
}

#[test]
fn kustomizations_first_then_what_they_bring() {
    assert_eq!(
        paths(&repository("")),
        [
            "stacks/demo/flux/source.yaml",
            "stacks/demo/flux/stack.yaml",
            "stacks/demo/flux/objects-1.yaml",
            "stacks/demo/flux/releases-1.yaml",
            "stacks/demo/flux/objects-2.yaml",
            "stacks/demo/flux/objects-3.yaml",
            "stacks/demo/flux/objects-4.yaml",
            "stacks/demo/flux/add-ons.yaml",
            "stacks/demo/objects-1/namespace-karpenter.yaml",
            "stacks/demo/objects-1/configmap-airflow-config.yaml",
            "stacks/demo/objects-1/ingress-airflow-web.yaml",
            "stacks/demo/releases-1/demo-karpenter-crd-source.yaml",
            "stacks/demo/releases-1/demo-karpenter-crd-release.yaml",
            "stacks/demo/releases-1/demo-karpenter-source.yaml",
            "stacks/demo/releases-1/demo-karpenter-release.yaml",
            "stacks/demo/objects-2/nodepool-airflow-jobs.yaml",
            "stacks/demo/objects-3/job-airflow-migrate.yaml",
            "stacks/demo/objects-4/persistentvolumeclaim-airflow-dags.yaml",
            "stacks/demo/objects-4/deployment-airflow-scheduler.yaml",
            "stacks/demo/add-ons/demo-metrics-server-source.yaml",
            "stacks/demo/add-ons/demo-metrics-server-release.yaml",
        ]
    );
}

#[test]
fn a_kustomization_waits_for_those_that_its_parts_need() {
    let repository = repository("");
    let after = |name: &str| -> Vec<String> {
        let spec = &file(&repository, name)["spec"];
        assert_eq!(spec["wait"], true, "{name}");
        let names = spec["dependsOn"].as_array().into_iter().flatten();
        names.filter_map(|one| one["name"].as_str()).map(str::to_owned).collect()
    };
    assert!(after("flux/objects-1.yaml").is_empty());
    assert_eq!(after("flux/releases-1.yaml"), ["demo-objects-1"]);
    assert_eq!(after("flux/objects-2.yaml"), ["demo-releases-1"]);
    assert_eq!(after("flux/objects-3.yaml"), ["demo-objects-1", "demo-objects-2"]);
    assert_eq!(after("flux/objects-4.yaml"), ["demo-objects-3"]);
    assert_eq!(after("flux/add-ons.yaml"), ["demo-objects-1"]);
    assert_eq!(file(&repository, "flux/stack.yaml")["spec"].get("wait"), None);
}

#[test]
fn a_release_of_an_oci_registry_has_its_version_as_a_tag() {
    let repository = repository("");
    let source = file(&repository, "demo-karpenter-source.yaml");
    assert_eq!(source["kind"], "OCIRepository");
    assert_eq!(source["spec"]["url"], "oci://public.ecr.aws/karpenter/karpenter");
    assert_eq!(source["spec"]["ref"], json!({ "tag": "1.14.1_build" }));
    assert_eq!(source["spec"].get("provider"), None);
    let spec = &file(&repository, "demo-karpenter-release.yaml")["spec"];
    assert_eq!(spec["chartRef"], json!({ "kind": "OCIRepository", "name": "demo-karpenter" }));
    assert_eq!(spec["dependsOn"], json!([{ "name": "demo-karpenter-crd" }]));
    assert_eq!((&spec["install"]["crds"], &spec["upgrade"]["crds"]), (&json!("Skip"), &json!("Skip")));
    assert_eq!(spec["install"].get("createNamespace"), None);
    for field in ["targetNamespace", "storageNamespace", "releaseName"] {
        assert_eq!(spec[field], "karpenter", "{field}");
    }
    assert_eq!(spec["values"], json!({ "replicas": 2 }));
}

#[test]
fn a_release_of_a_repository_of_charts_names_chart_and_version() {
    let repository = repository("");
    assert_eq!(file(&repository, "demo-metrics-server-source.yaml")["kind"], "HelmRepository");
    let spec = &file(&repository, "demo-metrics-server-release.yaml")["spec"];
    let source = json!({ "kind": "HelmRepository", "name": "demo-metrics-server" });
    assert_eq!(
        spec["chart"]["spec"],
        json!({ "chart": "metrics-server", "version": "2.0.0", "sourceRef": source })
    );
    assert_eq!(spec["upgrade"]["crds"], "CreateReplace");
}

#[test]
fn the_source_is_what_flux_can_read() {
    let source = |gitops: &str| -> Value { file(&repository(gitops), "flux/source.yaml")["spec"].clone() };
    assert_eq!(
        source(""),
        json!({
            "url": "ssh://git@github.com/example/clusters.git",
            "interval": "600s",
            "ref": { "branch": "main" },
            "secretRef": { "name": "clusters" },
        })
    );
    let of = |revision: &str| {
        source(&format!("gitops: {{repository: \"https://git.example.com/a/b\", revision: {revision}}}\n"))["ref"].clone()
    };
    assert_eq!(of("refs/tags/v1"), json!({ "name": "refs/tags/v1" }));
    let commit = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(of(&format!("\"{commit}\"")), json!({ "commit": commit }));
}

#[test]
fn deleting_a_kustomization_deletes_nothing_unless_asked() {
    for (more, expected) in [("", "Orphan"), ("onRemoval: delete, ", "Delete")] {
        let repository =
            repository(&format!("gitops: {{{more}repository: \"https://git.example.com/a/b\"}}\n"));
        let all = repository.files.iter().filter(|file| file.object["kind"] == "Kustomization");
        assert_eq!(all.filter(|file| file.object["spec"]["deletionPolicy"] == expected).count(), 7);
        let namespace = file(&repository, "/namespace-karpenter.yaml");
        assert_eq!(namespace["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"], "disabled");
    }
}
