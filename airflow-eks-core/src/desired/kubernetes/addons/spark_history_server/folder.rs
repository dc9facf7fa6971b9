//! A team's folder of event logs: neither Spark nor its history server begins without it, and S3 knows no empty folders
//! but by an object of that name.

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, LocalObjectReference, PodSecurityContext, PodSpec, PodTemplateSpec,
    SeccompProfile, SecurityContext,
};

use super::super::super::airflow::checksum;
use super::super::super::job::{a_pod_an_attempt, job as job_of};
use super::super::super::metadata::namespaced;
use super::super::values::resources;
use crate::desired::Names;
use crate::graph::KubernetesObject;
use crate::spec::SparkTeam;
use crate::stack::Stack;

const COMPONENT: &str = "spark";

/// The user of Airflow's image.
const USER: i64 = 50_000;

const SCRIPT: &str = "import boto3, os\n\
    boto3.client('s3').put_object(Bucket=os.environ['BUCKET'], Key=os.environ['KEY'])\n";

/// A Job that makes the folder, as the team itself. Like every Job it is named by its content. It runs in Airflow's image,
/// which every stack has, and which knows S3.
pub(super) fn job(stack: &Stack, team: &SparkTeam) -> KubernetesObject {
    let template =
        a_pod_an_attempt(PodTemplateSpec { spec: Some(pod(stack, team)), ..PodTemplateSpec::default() });
    let fingerprint = checksum(&serde_json::to_string(&template).unwrap_or_default());
    let name = format!("spark-event-logs-{}", &fingerprint[..8]);
    job_of(namespaced(stack, team.name.as_str(), &name, COMPONENT), template)
}

fn pod(stack: &Stack, team: &SparkTeam) -> PodSpec {
    let airflow = &stack.spec().airflow;
    let secrets = airflow.image_pull_secrets.iter();
    let secrets: Vec<LocalObjectReference> =
        secrets.map(|name| LocalObjectReference { name: name.to_string() }).collect();
    PodSpec {
        service_account_name: Some(team.service_account().to_owned()),
        image_pull_secrets: (!secrets.is_empty()).then_some(secrets),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(USER),
            seccomp_profile: Some(SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                ..SeccompProfile::default()
            }),
            ..PodSecurityContext::default()
        }),
        containers: vec![container(stack, team)],
        ..PodSpec::default()
    }
}

fn container(stack: &Stack, team: &SparkTeam) -> Container {
    let names = Names::of(stack);
    let variable =
        |name: &str, value: String| EnvVar { name: name.to_owned(), value: Some(value), ..EnvVar::default() };
    Container {
        name: "event-logs".to_owned(),
        image: Some(stack.spec().airflow.image().to_string()),
        image_pull_policy: Some("IfNotPresent".to_owned()),
        // Without Airflow's entry point, which looks for a database.
        command: Some(["python", "-c", SCRIPT].map(str::to_owned).to_vec()),
        env: Some(vec![
            variable("BUCKET", names.log_bucket()),
            variable("KEY", format!("{}/", names.event_logs(team))),
            variable("AWS_REGION", stack.spec().region.to_string()),
            variable("AWS_DEFAULT_REGION", stack.spec().region.to_string()),
        ]),
        // A quota of the team may ask for limits of both.
        resources: Some({
            let mut asked = resources("100m", "256Mi", Some("256Mi"));
            if let (Some(limits), Some(requests)) = (&mut asked.limits, &asked.requests) {
                limits.extend(requests.get("cpu").map(|cpu| ("cpu".to_owned(), cpu.clone())));
            }
            asked
        }),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                ..Capabilities::default()
            }),
            ..SecurityContext::default()
        }),
        ..Container::default()
    }
}
