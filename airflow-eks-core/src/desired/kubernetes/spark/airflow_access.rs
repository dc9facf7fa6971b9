//! What Airflow's tasks may do in a team's namespace: run Spark applications and follow them. Nothing elsewhere.
//! See <https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html#sparkkubernetesoperator>.

use super::super::airflow::Component;
use super::super::rbac::{binding, role, rule, service_account_subject};
use crate::graph::KubernetesObject;
use crate::spec::SparkTeam;
use crate::stack::Stack;

const NAME: &str = "airflow-spark-access";
const LOOKING: &str = "airflow-spark-triggerer-access";

pub(super) fn objects(stack: &Stack, team: &SparkTeam) -> Vec<KubernetesObject> {
    let airflow = &stack.spec().airflow;
    let namespace = team.name.as_str();
    let rules = vec![
        rule(
            "sparkoperator.k8s.io",
            &["scheduledsparkapplications", "sparkapplications"],
            &["create", "delete", "get", "list", "patch", "update", "watch"],
        ),
        rule(
            "sparkoperator.k8s.io",
            &["scheduledsparkapplications/status", "sparkapplications/status"],
            &["get"],
        ),
        rule("", &["pods"], &["delete", "get", "list", "patch", "watch"]),
        rule("", &["pods/log"], &["get"]),
        rule("", &["events"], &["list"]),
    ];
    // A deferred task waits in the triggerer, which only looks.
    let looking = vec![rule("", &["pods"], &["get", "list", "watch"]), rule("", &["pods/log"], &["get"])];
    let subject = |component: Component| {
        let name = format!("{}-{}", airflow.name, component.name(airflow.version.is_3()));
        vec![service_account_subject(airflow.namespace.as_str(), &name)]
    };
    let mut objects = vec![
        role(stack, namespace, NAME, "spark", rules),
        binding(stack, namespace, NAME, "spark", NAME, subject(Component::Worker)),
    ];
    if airflow.triggerer.replicas != Some(0) {
        objects.push(role(stack, namespace, LOOKING, "spark", looking));
        objects.push(binding(stack, namespace, LOOKING, "spark", LOOKING, subject(Component::Triggerer)));
    }
    objects
}
