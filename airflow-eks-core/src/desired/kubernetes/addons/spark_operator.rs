//! The Kubeflow Spark Operator, for the namespaces of the stack's teams and no others.
//! See <https://github.com/kubeflow/spark-operator/tree/master/charts/spark-operator-chart>.

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;

use super::super::namespace::namespace;
use super::values::resources;
use super::{AddonRelease, Addons, chart};
use crate::graph::ObjectId;
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAME: &str = "spark-operator";

#[derive(Debug, Serialize)]
struct Values {
    controller: Pods,
    webhook: Webhook,
    spark: Spark,
}

#[derive(Debug, Serialize)]
struct Pods {
    resources: ResourceRequirements,
}

/// It puts into pods what Spark itself has no setting for, such as tolerations.
#[derive(Debug, Serialize)]
struct Webhook {
    enable: bool,
    resources: ResourceRequirements,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Spark {
    job_namespaces: Vec<String>,
    /// Teams have theirs already.
    service_account: Made,
    rbac: Made,
}

#[derive(Debug, Serialize)]
struct Made {
    create: bool,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let job_namespaces = namespaces(stack);
    let values = Values {
        controller: Pods { resources: resources("100m", "512Mi", Some("1Gi")) },
        webhook: Webhook { enable: true, resources: resources("50m", "128Mi", Some("256Mi")) },
        spark: Spark {
            job_namespaces: job_namespaces.clone(),
            service_account: Made { create: false },
            rbac: Made { create: false },
        },
    };
    let mut release =
        AddonRelease::new(stack, AddonKind::SparkOperator, chart::SPARK_OPERATOR, (NAME, NAME), &values);
    // It makes a role in each of them.
    for namespace in &job_namespaces {
        release = release.after(ObjectId::new("", "Namespace", None, namespace));
    }
    addons.objects.push(namespace(stack, NAME, NAME));
    addons.releases.push(release);
}

/// The namespaces of the teams; without any, that of Airflow, since an empty list would mean the whole cluster.
fn namespaces(stack: &Stack) -> Vec<String> {
    let spec = stack.spec();
    let teams: Vec<String> =
        spec.spark.teams.iter().filter(|_| spec.spark.enabled).map(|team| team.name.to_string()).collect();
    if teams.is_empty() { vec![spec.airflow.namespace.to_string()] } else { teams }
}
