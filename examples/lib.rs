//! Stacks as YAML and as Rust, each pair the same: tests compare them, render them, and apply what comes out.
//!
//! Each module is a program of its own as well: `cargo run -p airflow-eks-examples --example minimal`.

pub mod airflow_2;
pub mod existing_cluster;
pub mod fargate;
pub mod gitops;
pub mod karpenter_pools;
pub mod minimal;
pub mod self_managed_airflow;
pub mod spark;

use airflow_eks_core::presets::Preset;
use airflow_eks_core::spec::StackSpec;
use airflow_eks_core::types::InvalidText;

/// A stack in both forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its name: that of its preset, or of its file under `stacks/`.
    pub name: &'static str,
    /// The stack as YAML.
    pub yaml: &'static str,
    /// The stack as built in Rust.
    pub spec: StackSpec,
}

/// Every example. The first five are the presets that the library holds.
///
/// # Errors
/// None: every name in them is well formed.
pub fn all() -> Result<Vec<Example>, InvalidText> {
    let preset = |name: &str| Preset::named(name).map_or("", |preset| preset.text);
    let example = |name, yaml, spec| Example { name, yaml, spec };
    Ok(vec![
        example("self-managed-airflow", preset("self-managed-airflow"), self_managed_airflow::stack()?),
        example("minimal", preset("minimal"), minimal::stack()?),
        example("spark", preset("spark"), spark::stack()?),
        example("fargate", preset("fargate"), fargate::stack()?),
        example("existing-cluster", preset("existing-cluster"), existing_cluster::stack()?),
        example("airflow-2", include_str!("stacks/airflow-2.yaml"), airflow_2::stack()?),
        example("gitops", include_str!("stacks/gitops.yaml"), gitops::stack()?),
        example("karpenter-pools", include_str!("stacks/karpenter-pools.yaml"), karpenter_pools::stack()?),
    ])
}
