//! For GitOps: manifests without secrets, DAGs over SSH, people over HTTPS.
//!
//! The same stack as YAML: `examples/stacks/gitops.yaml`.

use std::collections::BTreeMap;

use airflow_eks_core::k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements, Toleration};
use airflow_eks_core::k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use airflow_eks_core::spec::{
    AccessEntry, AccessPolicy, Addon, Addons, AirflowDags, AirflowIngress, AirflowRelease, AirflowWorkers,
    Cluster, GitOps, GitSync, IngressScheme, InterfaceEndpoint, Network, NodeGroup, PodSettings,
    SecretDelivery, StackSpec,
};
use airflow_eks_core::types::InvalidText;
use airflow_eks_core::{Facts, Outputs, Stack, desired, render};

/// Prints every Kubernetes object of the stack.
///
/// # Errors
/// The problems of the stack, of which it has none.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stack = Stack::validate(stack()?, &Facts::unknown())?;
    let manifests = render::manifests(&desired(&stack), &Outputs::default());
    print!("{}", render::yaml_stream(&manifests));
    Ok(())
}

/// The stack.
///
/// # Errors
/// A name that is not well formed, of which it has none.
pub fn stack() -> Result<StackSpec, InvalidText> {
    Ok(StackSpec::builder()
        .name("airflow-gitops".parse()?)
        .region("eu-central-1".parse()?)
        .account("111122223333".parse()?)
        .secrets(SecretDelivery::ExternalSecrets)
        .tags(BTreeMap::from([("cost-centre".parse()?, "data-platform".parse()?)]))
        .network(
            Network::builder()
                .zone_count(3)
                .interface_endpoint(InterfaceEndpoint::EcrApi)
                .interface_endpoint(InterfaceEndpoint::EcrDkr)
                .interface_endpoint(InterfaceEndpoint::Sts)
                .build(),
        )
        .cluster(cluster()?)
        .node_group(NodeGroup::builder().name("core".parse()?).build())
        .addons(Addons::builder().kubecost(Addon::builder().enabled(false).build()).build())
        .airflow(airflow()?)
        .gitops(
            GitOps::builder()
                .repository("git@github.com:example/clusters.git".parse()?)
                .path("stacks/airflow".parse()?)
                .credentials_secret("clusters-deploy-key".parse()?)
                .build(),
        )
        .build())
}

fn cluster() -> Result<Cluster, InvalidText> {
    Ok(Cluster::builder()
        .version("1.35".parse()?)
        .access_entry(
            AccessEntry::builder()
                .principal_arn("arn:aws:iam::111122223333:role/operators".parse()?)
                .policy(AccessPolicy::ClusterAdmin)
                .build(),
        )
        .access_entry(
            AccessEntry::builder()
                .principal_arn("arn:aws:iam::111122223333:role/data-engineers".parse()?)
                .policy(AccessPolicy::View)
                .namespace("airflow".parse()?)
                .build(),
        )
        .build())
}

fn airflow() -> Result<AirflowRelease, InvalidText> {
    let one = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    let certificate =
        "arn:aws:acm:eu-central-1:111122223333:certificate/6f3c1a2b-0000-4000-8000-1a2b3c4d5e6f";
    let ingress = AirflowIngress::builder()
        .scheme(IngressScheme::InternetFacing)
        .certificate_arn(certificate.parse()?)
        .host("airflow.example.com".parse()?)
        .inbound_cidr("198.51.100.0/24".parse()?)
        .build();
    Ok(AirflowRelease::builder()
        .version("3.3.2".parse()?)
        .env_var(EnvVar {
            name: "ENVIRONMENT".to_owned(),
            value: Some("production".to_owned()),
            ..EnvVar::default()
        })
        .config(BTreeMap::from([
            ("core".to_owned(), one("default_timezone", "Europe/Berlin")),
            ("dag_processor".to_owned(), one("refresh_interval", "60")),
        ]))
        .dags(AirflowDags::builder().git_sync(git_sync()?).build())
        .workers(AirflowWorkers::builder().pods(task_pods()).build())
        .ingress(ingress)
        .build())
}

fn git_sync() -> Result<GitSync, InvalidText> {
    let host_key = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
    Ok(GitSync::builder()
        .repository("git@github.com:example/dags.git".parse()?)
        .reference("main".parse()?)
        .sub_path("dags".parse()?)
        .ssh_key_secret("dags-deploy-key".parse()?)
        .known_hosts(format!("github.com ssh-ed25519 {host_key}\n"))
        .build())
}

fn task_pods() -> PodSettings {
    PodSettings::builder()
        .resources(resources("250m", "512Mi", "2Gi"))
        .toleration(Toleration {
            key: Some("jobs".to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        })
        .build()
}

/// What a container asks for, and the most memory it may use.
fn resources(cpu: &str, memory: &str, memory_limit: &str) -> ResourceRequirements {
    let amounts = |pairs: &[(&str, &str)]| {
        Some(
            pairs.iter().map(|(name, amount)| ((*name).to_owned(), Quantity((*amount).to_owned()))).collect(),
        )
    };
    ResourceRequirements {
        requests: amounts(&[("cpu", cpu), ("memory", memory)]),
        limits: amounts(&[("memory", memory_limit)]),
        ..ResourceRequirements::default()
    }
}
