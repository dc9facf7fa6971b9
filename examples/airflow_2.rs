//! Airflow 2.11: a web server instead of an API server, and a scheduler that parses DAGs itself.
//!
//! The same stack as YAML: `examples/stacks/airflow-2.yaml`.

use std::collections::BTreeMap;

use airflow_eks_core::spec::{
    Addon, Addons, AirflowComponent, AirflowDags, AirflowRelease, DagsVolume, Database, GitSync, NodeGroup,
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
    let two = || AirflowComponent::builder().replicas(2).build();
    let settings = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>()
    };
    let dags = AirflowDags::builder()
        .git_sync(
            GitSync::builder()
                .repository("https://github.com/apache/airflow.git".parse()?)
                .reference("v2-11-stable".parse()?)
                .sub_path("airflow/example_dags".parse()?)
                .period("60s".parse()?)
                .build(),
        )
        .volume(DagsVolume::default())
        .build();
    Ok(StackSpec::builder()
        .name("airflow-two".parse()?)
        .region("eu-west-1".parse()?)
        .node_group(
            NodeGroup::builder()
                .name("core".parse()?)
                .instance_type("m6i.xlarge".parse()?)
                .instance_type("m6a.xlarge".parse()?)
                .build(),
        )
        .database(Database::builder().version("16".parse()?).build())
        .addons(Addons::builder().karpenter(Addon::builder().enabled(false).build()).build())
        .airflow(
            AirflowRelease::builder()
                .version("2.11.2".parse()?)
                .config(BTreeMap::from([
                    ("webserver".to_owned(), settings(&[("navbar_color", "#fff"), ("page_size", "50")])),
                    ("core".to_owned(), settings(&[("parallelism", "64")])),
                ]))
                .dags(dags)
                .webserver(two())
                .scheduler(two())
                .build(),
        )
        .build())
}
