use super::{GitOpsTool, REPOSITORY, STACK, desired, outputs, release, repository, stack};
use crate::graph::{Body, ChartSource, KubernetesObject};
use crate::{Graph, Outputs};

fn problems(text: &str, graph: Option<Graph>, outputs: &Outputs, tool: GitOpsTool) -> String {
    let stack = stack(text);
    let graph = graph.unwrap_or_else(|| desired(&stack));
    repository(&stack, &graph, outputs, tool).map(|_| String::new()).unwrap_or_else(|e| e.to_string())
}

#[test]
fn a_stack_that_suits_is_not_refused() {
    for tool in [GitOpsTool::ArgoCd, GitOpsTool::Flux] {
        assert_eq!(problems(&format!("{STACK}{REPOSITORY}"), None, &outputs(), tool), "");
    }
}

#[test]
fn without_a_repository_nothing_is_rendered() {
    let said = problems(STACK, None, &outputs(), GitOpsTool::ArgoCd);
    assert!(
        said.starts_with("gitops: nothing says which Git repository Argo CD reads\n  help: write"),
        "{said}"
    );
}

#[test]
fn secrets_that_apply_writes_never_get_into_git() {
    let direct = STACK.replace("secrets: external-secrets\n", "");
    let said = problems(&format!("{direct}{REPOSITORY}"), None, &outputs(), GitOpsTool::Flux);
    assert!(said.contains("secrets: generated secrets must not be written into a Git repository"), "{said}");
    assert!(said.contains("help: write `secrets: external-secrets`"), "{said}");
}

#[test]
fn nor_does_any_other_secret() {
    let secret = serde_json::json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a" } });
    let graph = Graph::of_objects(vec![KubernetesObject::from_value(secret).unwrap()]);
    let said = problems(&format!("{STACK}{REPOSITORY}"), Some(graph), &outputs(), GitOpsTool::Flux);
    assert!(said.starts_with("Secret a would write a secret into the Git repository"), "{said}");
}

#[test]
fn what_only_aws_can_tell_has_to_be_known() {
    let said = problems(&format!("{STACK}{REPOSITORY}"), None, &Outputs::default(), GitOpsTool::ArgoCd);
    assert!(said.contains("what only AWS can tell is not known: account.id, "), "{said}");
    assert!(said.contains("database.endpoint"), "{said}");
    assert!(said.contains("--outputs FILE"), "{said}");
}

#[test]
fn a_chart_of_this_machine_is_refused_and_so_is_one_without_a_version() {
    let url = "https://charts.example.com".to_owned();
    let local = release("metrics-server", ChartSource::Path("charts/metrics-server".to_owned()), None);
    let loose = release("keda", ChartSource::Repository { url, chart: "keda".to_owned() }, None);
    let graph = Graph::of(vec![Body::from(local), Body::from(loose)], &[]);
    let said = problems(&format!("{STACK}{REPOSITORY}"), Some(graph), &outputs(), GitOpsTool::Flux);
    assert!(said.contains("HelmRelease karpenter/metrics-server: it lies on this machine"), "{said}");
    assert!(said.contains("in `addons.metricsServer.chart`"), "{said}");
    assert!(said.contains("any version of the chart of HelmRelease karpenter/keda"), "{said}");
}

#[test]
fn flux_needs_a_key_for_ssh_and_argo_cd_has_its_own() {
    let bare = "gitops: {repository: \"git@github.com:example/clusters.git\"}\n";
    let said = problems(&format!("{STACK}{bare}"), None, &outputs(), GitOpsTool::Flux);
    assert!(said.starts_with("gitops.credentialsSecret: Flux needs a key"), "{said}");
    assert_eq!(problems(&format!("{STACK}{bare}"), None, &outputs(), GitOpsTool::ArgoCd), "");
}
