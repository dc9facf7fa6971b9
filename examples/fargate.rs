//! Airflow on Fargate only, without nodes of your own.
//!
//! The same stack as YAML: `airflow-eks-core/presets/fargate.yaml`.

use airflow_eks_core::spec::{
    Addon, Addons, AirflowDags, AirflowRelease, DagsVolume, FargateProfile, FargateSelector, StackSpec,
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
    let volume = DagsVolume::builder().size("10Gi".parse()?).sub_path("dags".parse()?).build();
    Ok(StackSpec::builder()
        .name("airflow-fargate".parse()?)
        .region("ap-southeast-2".parse()?)
        .fargate_profile(profile("kube-system")?)
        .fargate_profile(profile("airflow")?)
        .addons(
            Addons::builder()
                .ebs_csi_driver(off())
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
        .airflow(AirflowRelease::builder().dags(AirflowDags::builder().volume(volume).build()).build())
        .build())
}
