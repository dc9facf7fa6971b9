//! Airflow that runs Spark on Karpenter: drivers on on-demand nodes, executors on Spot.
//!
//! The same stack as YAML: `airflow-eks-core/presets/spark.yaml`.

use std::collections::BTreeMap;

use airflow_eks_core::spec::{
    Addon, Addons, AirflowDags, AirflowRelease, CapacityType, GitSync, KarpenterNodePool, KarpenterPreset,
    NodeGroup, Spark, SparkApplication, SparkDriver, SparkExecutor, SparkRestart, SparkRestartPolicy,
    SparkTeam, StackSpec,
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
        .name("airflow-spark".parse()?)
        .region("us-west-2".parse()?)
        .node_group(
            NodeGroup::builder()
                .name("core".parse()?)
                .instance_type("m6i.xlarge".parse()?)
                .labels(BTreeMap::from([("NodeGroupType".parse()?, "core".parse()?)]))
                .build(),
        )
        .karpenter_node_pool(
            KarpenterNodePool::builder()
                .name("spark-compute-optimized".parse()?)
                .preset(KarpenterPreset::SparkComputeOptimized)
                .build(),
        )
        .karpenter_node_pool(
            KarpenterNodePool::builder()
                .name("spark-memory-optimized".parse()?)
                .preset(KarpenterPreset::SparkMemoryOptimized)
                .build(),
        )
        .addons(Addons::builder().spark_operator(on()).spark_history_server(on()).build())
        .airflow(AirflowRelease::builder().dags(dags).build())
        .spark(Spark::builder().enabled(true).team(team()?).application(pi()?).build())
        .build())
}

fn team() -> Result<SparkTeam, InvalidText> {
    Ok(SparkTeam::builder()
        .name("spark-team-a".parse()?)
        .node_pool("spark-compute-optimized".parse()?)
        .quota(BTreeMap::from([
            ("requests.cpu".to_owned(), "500".parse()?),
            ("requests.memory".to_owned(), "1000Gi".parse()?),
        ]))
        .build())
}

fn pi() -> Result<SparkApplication, InvalidText> {
    Ok(SparkApplication::builder()
        .name("pyspark-pi".parse()?)
        .team("spark-team-a".parse()?)
        .image("apache/spark:4.0.1".parse()?)
        .spark_version("4.0.1".parse()?)
        .main_application_file("local:///opt/spark/examples/src/main/python/pi.py")
        .driver(
            SparkDriver::builder()
                .on(CapacityType::OnDemand)
                .cores(1)
                .core_limit("1200m".parse()?)
                .memory("512m".parse()?)
                .build(),
        )
        .executor(
            SparkExecutor::builder()
                .on(CapacityType::Spot)
                .instances(2)
                .cores(1)
                .memory("512m".parse()?)
                .build(),
        )
        .restart(SparkRestart::builder().policy(SparkRestartPolicy::OnFailure).retries(1).build())
        .build())
}
