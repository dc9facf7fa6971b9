//! Airflow on Fargate only, without nodes of your own.
//!
//! The same stack as YAML: `airflow-eks-core/presets/fargate.yaml`.

use airflow_eks_core::spec::{
    Addon, Addons, AirflowDags, AirflowRelease, FargateProfile, FargateSelector, FileSystem, GitSync,
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
    let off = || Addon::builder().enabled(false).build();
    let profile = |namespace: &str| {
        let selector = FargateSelector::builder().namespace(namespace.parse()?).build();
        Ok(FargateProfile::builder().name(namespace.parse()?).selector(selector).build())
    };
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
        .name("airflow-fargate".parse()?)
        .region("ap-southeast-2".parse()?)
        .fargate_profile(profile("kube-system")?)
        .fargate_profile(profile("airflow")?)
        .file_system(FileSystem::builder().enabled(false).build())
        .addons(
            Addons::builder()
                .ebs_csi_driver(off())
                .efs_csi_driver(off())
                .karpenter(off())
                .cluster_autoscaler(off())
                .cluster_proportional_autoscaler(off())
                .kube_prometheus_stack(off())
                .amazon_managed_prometheus(off())
                .kubecost(off())
                .cloudwatch_metrics(off())
                .aws_for_fluent_bit(off())
                .build(),
        )
        .airflow(AirflowRelease::builder().dags(dags).build())
        .build())
}
