use airflow_eks_core::spec::{AirflowRelease, KarpenterNodePool, KarpenterPreset, NodeGroup, StackSpec};
use airflow_eks_core::{Facts, Outputs, Stack, desired, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = StackSpec::builder()
        .name("data-platform".parse()?)
        .region("eu-central-1".parse()?)
        .node_group(NodeGroup::builder().name("core".parse()?).build())
        .karpenter_node_pool(
            KarpenterNodePool::builder()
                .name("jobs".parse()?)
                .preset(KarpenterPreset::GeneralPurpose)
                .build(),
        )
        .airflow(AirflowRelease::builder().version("3.3.2".parse()?).build())
        .build();
    let stack = Stack::validate(spec, &Facts::unknown())?;
    let manifests = render::manifests(&desired(&stack), &Outputs::default());
    println!("{}", render::yaml_stream(&manifests));
    Ok(())
}
