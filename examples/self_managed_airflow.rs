//! The default: Airflow on managed nodes, with Karpenter, RDS, EFS, S3 and every add-on.
//!
//! The same stack as YAML: `airflow-eks-core/presets/self-managed-airflow.yaml`.

use std::collections::BTreeMap;

use airflow_eks_core::k8s_openapi::api::core::v1::ResourceRequirements;
use airflow_eks_core::k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use airflow_eks_core::spec::{
    Addon, Addons, AirflowComponent, AirflowDags, AirflowRelease, Cluster, DagsVolume, Database, Environment,
    Executor, GitSync, KarpenterNodePool, KarpenterPreset, LogBucket, Network, NodeGroup, PodSettings, Spark,
    StackSpec,
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
    let on = || Addon::builder().enabled(true).build();
    let core = NodeGroup::builder()
        .name("core".parse()?)
        .instance_type("m6i.xlarge".parse()?)
        .min_size(3)
        .desired_size(3)
        .max_size(8)
        .labels(BTreeMap::from([
            ("NodeGroupType".parse()?, "core".parse()?),
            ("WorkerType".parse()?, "ON_DEMAND".parse()?),
        ]))
        .build();
    let addons = Addons::builder()
        .karpenter(on())
        .cluster_autoscaler(on())
        .cluster_proportional_autoscaler(on())
        .aws_load_balancer_controller(on())
        .kube_prometheus_stack(on())
        .amazon_managed_prometheus(on())
        .kubecost(on())
        .cloudwatch_metrics(on())
        .aws_for_fluent_bit(on())
        .build();
    Ok(StackSpec::builder()
        .name("self-managed-airflow".parse()?)
        .region("us-west-2".parse()?)
        .environment(Environment::Production)
        .tags(BTreeMap::from([("project".parse()?, "airflow".parse()?)]))
        .network(
            Network::builder()
                .vpc_cidr("10.0.0.0/16".parse()?)
                .secondary_cidr("100.64.0.0/16".parse()?)
                .zone_count(2)
                .build(),
        )
        .cluster(Cluster::builder().version("1.35".parse()?).build())
        .node_group(core)
        .karpenter_node_pool(
            KarpenterNodePool::builder()
                .name("spark-compute-optimized".parse()?)
                .preset(KarpenterPreset::SparkComputeOptimized)
                .build(),
        )
        .database(
            Database::builder()
                .version("17".parse()?)
                .instance_class("db.t4g.large".parse()?)
                .storage_gib(20)
                .max_storage_gib(100)
                .build(),
        )
        .log_bucket(LogBucket::builder().expire_after_days(90).build())
        .addons(addons)
        .airflow(airflow()?)
        .spark(Spark::builder().enabled(false).build())
        .build())
}

fn airflow() -> Result<AirflowRelease, InvalidText> {
    let dags = AirflowDags::builder()
        .git_sync(
            GitSync::builder()
                .repository("https://github.com/apache/airflow.git".parse()?)
                .reference("3.3.2".parse()?)
                .sub_path("airflow-core/src/airflow/example_dags".parse()?)
                .build(),
        )
        .volume(DagsVolume::builder().size("10Gi".parse()?).build())
        .build();
    let two = |resources| {
        let pods = PodSettings::builder().resources(resources).build();
        AirflowComponent::builder().replicas(2).pods(pods).build()
    };
    Ok(AirflowRelease::builder()
        .version("3.3.2".parse()?)
        .executor(Executor::KubernetesExecutor)
        .dags(dags)
        .scheduler(two(resources("500m", "1Gi", "2Gi")))
        .api_server(two(resources("1", "2Gi", "4Gi")))
        .build())
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
