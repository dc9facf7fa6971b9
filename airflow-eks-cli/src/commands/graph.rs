//! `graph`: the graph of resources with its critical path.

use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::{desired, engine, render};

use crate::args::{Global, Graph, GraphFormat, OutputFormat, Side};
use crate::error::Error;
use crate::{input, output};

pub(crate) fn run(global: &Global, options: &Graph) -> Result<(), Error> {
    let stack = input::stack(global)?;
    let graph = desired(&stack).only(|id| match global.only {
        Some(Side::Aws) => matches!(id, ResourceId::Aws(_)),
        Some(Side::K8s) => !matches!(id, ResourceId::Aws(_)),
        None => true,
    });
    let critical = engine::critical_path(&graph);
    let text = match (global.output, options.format) {
        (OutputFormat::Json, _) => render::json(&render::graph_json(&graph, &critical)),
        (OutputFormat::Human, GraphFormat::Mermaid) => render::mermaid(&graph, &critical),
        (OutputFormat::Human, GraphFormat::Dot) => render::dot(&graph, &critical),
    };
    output::data(&text)?;
    let minutes = critical.total.as_secs().div_ceil(60);
    output::talk(
        global,
        &format!("critical path: about {minutes} minutes, {} resources", critical.path.len()),
    );
    Ok(())
}
