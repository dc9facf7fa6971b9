//! What Airflow's tasks may do in a team's namespace: run Spark applications and follow them. Nothing elsewhere.
//! See <https://airflow.apache.org/docs/apache-airflow-providers-cncf-kubernetes/stable/operators.html#sparkkubernetesoperator>.

use super::super::airflow::Component;
use super::super::rbac::{binding, role, rule, service_account_subject};
use crate::graph::KubernetesObject;
use crate::spec::SparkTeam;
use crate::stack::Stack;

const NAME: &str = "airflow-spark-access";

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
    let worker = format!("{}-{}", airflow.name, Component::Worker.name(airflow.version.is_3()));
    let subject = service_account_subject(airflow.namespace.as_str(), &worker);
    vec![
        role(stack, namespace, NAME, "spark", rules),
        binding(stack, namespace, NAME, "spark", NAME, vec![subject]),
    ]
}
