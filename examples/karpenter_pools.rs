//! Every preset of Karpenter node pools, and one pool with much of its own.
//!
//! The same stack as YAML: `examples/stacks/karpenter-pools.yaml`.

use std::collections::BTreeMap;

use airflow_eks_core::spec::{
    AirflowDags, AirflowRelease, AmiFamily, Architecture, CapacityType, Consolidation, DisruptionBudget,
    GitSync, KarpenterNodePool, KarpenterPreset, Network, NodeGroup, NodeTaint, StackSpec,
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
    let preset = |name: &str, preset| Ok(KarpenterNodePool::builder().name(name.parse()?).preset(preset));
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
        .name("airflow-pools".parse()?)
        .region("us-east-1".parse()?)
        .network(
            Network::builder()
                .availability_zone("us-east-1a".parse()?)
                .availability_zone("us-east-1b".parse()?)
                .availability_zone("us-east-1c".parse()?)
                .build(),
        )
        .node_group(NodeGroup::builder().name("core".parse()?).build())
        .karpenter_node_pool(KarpenterNodePool::builder().name("general-purpose".parse()?).build())
        .karpenter_node_pool(
            preset("spark-compute-optimized", KarpenterPreset::SparkComputeOptimized)?
                .cpu_limit("200".parse()?)
                .build(),
        )
        .karpenter_node_pool(
            preset("spark-graviton-compute", KarpenterPreset::SparkGravitonComputeOptimized)?.build(),
        )
        .karpenter_node_pool(preset("spark-memory-optimized", KarpenterPreset::SparkMemoryOptimized)?.build())
        .karpenter_node_pool(
            preset("spark-graviton-memory", KarpenterPreset::SparkGravitonMemoryOptimized)?.build(),
        )
        .karpenter_node_pool(preset("gpu", KarpenterPreset::Gpu)?.zones(vec!["us-east-1a".parse()?]).build())
        .karpenter_node_pool(bottlerocket()?)
        .airflow(AirflowRelease::builder().dags(dags).build())
        .build())
}

fn bottlerocket() -> Result<KarpenterNodePool, InvalidText> {
    Ok(KarpenterNodePool::builder()
        .name("bottlerocket".parse()?)
        .ami_family(AmiFamily::Bottlerocket)
        .instance_families(vec!["c6i".parse()?, "c7i".parse()?])
        .architectures(vec![Architecture::Amd64])
        .capacity_types(vec![CapacityType::OnDemand])
        .min_cpu(4)
        .max_cpu(32)
        .weight(50)
        .labels(BTreeMap::from([("team".parse()?, "platform".parse()?)]))
        .taints(vec![NodeTaint::builder().key("team".parse()?).value("platform".parse()?).build()])
        .consolidation(Consolidation::WhenEmptyOrUnderutilized)
        .consolidate_after("10m".parse()?)
        .expire_after("168h".parse()?)
        .disruption_budget(DisruptionBudget::builder().nodes("10%").build())
        .disruption_budget(
            DisruptionBudget::builder()
                .nodes("0")
                .schedule("0 9 * * mon-fri")
                .duration("8h".parse()?)
                .build(),
        )
        .build())
}
