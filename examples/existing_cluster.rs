//! Airflow in a cluster, network and database that exist already.
//!
//! The same stack as YAML: `airflow-eks-core/presets/existing-cluster.yaml`.

use airflow_eks_core::spec::{
    Addon, Addons, AirflowDags, AirflowRelease, Cluster, Database, ExistingCluster, ExistingDatabase,
    ExistingNetwork, FileSystem, GitSync, Identities, Network, Observability, PodIdentity, StackSpec,
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
    let off = || Addon::builder().enabled(false).build();
    let vpc = ExistingNetwork::builder()
        .vpc_id("vpc-0a1b2c3d4e5f60718".parse()?)
        .private_subnet_id("subnet-0a1b2c3d4e5f60718".parse()?)
        .private_subnet_id("subnet-0b1c2d3e4f5061728".parse()?)
        .build();
    let server = ExistingDatabase::builder()
        .host("airflow.c9akciq32rxy.eu-central-1.rds.amazonaws.com".parse()?)
        .name("airflow".parse()?)
        .user("airflow".parse()?)
        .password_secret_arn(
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:airflow-database-AbCdEf".parse()?,
        )
        .build();
    let dags = AirflowDags::builder()
        .git_sync(
            GitSync::builder()
                .repository("https://github.com/apache/airflow.git".parse()?)
                .reference("3.3.2".parse()?)
                .sub_path("airflow-core/src/airflow/example_dags".parse()?)
                .build(),
        )
        .build();
    Ok(StackSpec::builder()
        .name("airflow-existing".parse()?)
        .region("eu-central-1".parse()?)
        .cluster(
            Cluster::builder()
                .version("1.35".parse()?)
                .existing(ExistingCluster::builder().name("platform".parse()?).build())
                .build(),
        )
        .identities(Identities::builder().provider(PodIdentity::PodIdentity).build())
        .network(Network::builder().existing(vpc).build())
        .database(Database::builder().existing(server).build())
        .file_system(FileSystem::builder().enabled(false).build())
        .addons(
            Addons::builder()
                .karpenter(off())
                .cluster_autoscaler(off())
                .cluster_proportional_autoscaler(off())
                .ebs_csi_driver(off())
                .efs_csi_driver(off())
                .aws_load_balancer_controller(off())
                .metrics_server(off())
                .kube_prometheus_stack(off())
                .amazon_managed_prometheus(off())
                .kubecost(off())
                .cloudwatch_metrics(off())
                .aws_for_fluent_bit(off())
                .build(),
        )
        .observability(Observability::builder().service_monitors(true).build())
        .airflow(AirflowRelease::builder().namespace("airflow".parse()?).dags(dags).build())
        .build())
}
