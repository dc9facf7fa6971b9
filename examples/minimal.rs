//! The least that runs Airflow: small, cheap, easy to throw away.
//!
//! The same stack as YAML: `airflow-eks-core/presets/minimal.yaml`.

use airflow_eks_core::spec::{
    Addon, Addons, AirflowComponent, AirflowRelease, Cluster, Database, EndpointAccess, Environment,
    FileSystem, NodeGroup, StackSpec,
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
    let one = || AirflowComponent::builder().replicas(1).build();
    Ok(StackSpec::builder()
        .name("airflow-minimal".parse()?)
        .region("us-west-2".parse()?)
        .environment(Environment::Demo)
        .cluster(
            Cluster::builder()
                .endpoint_access(
                    EndpointAccess::builder().public(true).public_cidr("0.0.0.0/0".parse()?).build(),
                )
                .build(),
        )
        .node_group(
            NodeGroup::builder()
                .name("core".parse()?)
                .instance_type("m6i.large".parse()?)
                .min_size(2)
                .desired_size(2)
                .max_size(4)
                .build(),
        )
        .database(Database::builder().instance_class("db.t4g.small".parse()?).build())
        .file_system(FileSystem::builder().enabled(false).build())
        .addons(
            Addons::builder()
                .karpenter(off())
                .cluster_proportional_autoscaler(off())
                .efs_csi_driver(off())
                .kube_prometheus_stack(off())
                .amazon_managed_prometheus(off())
                .kubecost(off())
                .cloudwatch_metrics(off())
                .aws_for_fluent_bit(off())
                .build(),
        )
        .airflow(AirflowRelease::builder().load_examples(true).scheduler(one()).api_server(one()).build())
        .build())
}
