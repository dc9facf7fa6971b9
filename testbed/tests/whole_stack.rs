//! Everything that a stack renders can be waited for, on a control plane of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot get at the test bed has to fail, loudly"
)]

mod rendered;

use airflow_eks_core::presets;
use airflow_eks_testbed::{FreshOptions, TestBed};
use rendered::{manifests, object, printed, run};

#[test]
fn a_whole_stack_comes_up() {
    let options = FreshOptions::default().with_nodes();
    let projects = ["Karpenter", "Spark Operator", "External Secrets", "Prometheus Operator"];
    let options = projects.into_iter().fold(options, FreshOptions::with_definitions_of);
    let test_bed = TestBed::fresh(options).unwrap();

    let manifests = manifests(presets::DEFAULT.text, "stack.yaml");
    let text: String = manifests.iter().map(|manifest| format!("---\n{}\n", manifest.object)).collect();
    let mut apply = test_bed.kubectl().command();
    printed(run(apply.args(["apply", "--server-side", "--filename=-"]), &text));

    let wait = |arguments: &[&str]| {
        let arguments = [&["wait", "--all", "--all-namespaces", "--timeout=60s"], arguments].concat();
        test_bed.kubectl().run(&format!("wait: {arguments:?}"), &arguments).unwrap()
    };
    let ready = wait(&["deployments", "--for=condition=Available"]);
    let scheduler = object(&manifests, "Deployment", "airflow-scheduler");
    let name = scheduler["metadata"]["name"].as_str().unwrap();
    assert!(ready.contains(&format!("deployment.apps/{name} condition met")), "{ready}");
    assert!(wait(&["jobs", "--for=condition=Complete"]).contains("condition met"));
    assert!(wait(&["persistentvolumeclaims", "--for=jsonpath={.status.phase}=Bound"]).contains("met"));
    assert!(
        wait(&["ingresses", "--for=jsonpath={.status.loadBalancer.ingress[0].hostname}"]).contains("met")
    );
}
