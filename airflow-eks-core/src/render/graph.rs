//! [`Graph`] → pictures and data, with the critical path marked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::engine::CriticalPath;
use crate::graph::{Graph, ResourceId};

/// The graph as a Mermaid flowchart. Waits that others imply are left out.
/// See <https://mermaid.js.org/syntax/flowchart.html>.
///
/// ```
/// use airflow_eks_core::{desired, engine, presets, render, Facts};
///
/// let graph = desired(&presets::DEFAULT.stack(&Facts::unknown()).unwrap());
/// let picture = render::mermaid(&graph, &engine::critical_path(&graph));
/// assert!(picture.starts_with("flowchart LR\n"));
/// ```
#[must_use]
pub fn mermaid(graph: &Graph, critical: &CriticalPath) -> String {
    let drawing = Drawing::of(graph, critical);
    let mut text = String::from("flowchart LR\n");
    for (number, id, seconds) in &drawing.nodes {
        let class = if drawing.critical.contains(id) { ":::critical" } else { "" };
        let label = label(id, *seconds, "<br/>").replace('"', "#quot;");
        let _ = writeln!(text, "  n{number}[\"{label}\"]{class}");
    }
    for (from, to, is_critical) in &drawing.edges {
        let _ = writeln!(text, "  n{from} {} n{to}", if *is_critical { "==>" } else { "-->" });
    }
    text.push_str("  classDef critical stroke-width:3px,stroke:#c00\n");
    text
}

/// The graph in the language of Graphviz. Waits that others imply are left out.
/// See <https://graphviz.org/doc/info/lang.html>.
#[must_use]
pub fn dot(graph: &Graph, critical: &CriticalPath) -> String {
    let drawing = Drawing::of(graph, critical);
    let mark = |is_critical: bool| if is_critical { " color=\"#cc0000\" penwidth=3" } else { "" };
    let mut text = String::from("digraph stack {\n  rankdir=LR\n  node [shape=box]\n");
    for (number, id, seconds) in &drawing.nodes {
        let label = label(id, *seconds, "\\n").replace('"', "\\\"");
        let _ = writeln!(text, "  n{number} [label=\"{label}\"{}]", mark(drawing.critical.contains(id)));
    }
    for (from, to, is_critical) in &drawing.edges {
        let mark = if *is_critical { format!(" [{}]", mark(true).trim_start()) } else { String::new() };
        let _ = writeln!(text, "  n{from} -> n{to}{mark}");
    }
    text.push_str("}\n");
    text
}

/// The graph as a document: every wait, and when each resource can be made at the earliest.
#[must_use]
pub fn graph_json(graph: &Graph, critical: &CriticalPath) -> Value {
    let on_path: BTreeSet<&ResourceId> = critical.path.iter().map(|(id, _)| id).collect();
    let resources = graph.iter().map(|resource| {
        let id = resource.body.id();
        let slot = critical.slots.get(&id);
        json!({
            "resource": id.to_string(),
            "kind": id.kind(),
            "name": id.name(),
            "dependsOn": resource.depends_on.iter().map(ToString::to_string).collect::<Vec<String>>(),
            "startSeconds": slot.map(|slot| slot.start.as_secs()),
            "finishSeconds": slot.map(|slot| slot.finish.as_secs()),
            "critical": on_path.contains(&id),
        })
    });
    let path = critical
        .path
        .iter()
        .map(|(id, takes)| json!({ "resource": id.to_string(), "seconds": takes.as_secs() }));
    json!({
        "version": 1,
        "resources": resources.collect::<Vec<Value>>(),
        "criticalPath": { "seconds": critical.total.as_secs(), "resources": path.collect::<Vec<Value>>() },
    })
}

/// What both pictures show.
struct Drawing {
    nodes: Vec<(usize, ResourceId, Duration)>,
    critical: BTreeSet<ResourceId>,
    edges: Vec<(usize, usize, bool)>,
}

impl Drawing {
    fn of(graph: &Graph, critical: &CriticalPath) -> Self {
        let steps: BTreeSet<(&ResourceId, &ResourceId)> =
            critical.path.iter().zip(critical.path.iter().skip(1)).map(|((a, _), (b, _))| (a, b)).collect();
        let mut numbers: BTreeMap<ResourceId, usize> = BTreeMap::new();
        let mut behind: BTreeMap<ResourceId, BTreeSet<ResourceId>> = BTreeMap::new();
        let mut drawing = Self {
            nodes: Vec::new(),
            critical: critical.path.iter().map(|(id, _)| id.clone()).collect(),
            edges: Vec::new(),
        };
        for (number, resource) in graph.iter().enumerate() {
            let id = resource.body.id();
            let further: BTreeSet<ResourceId> = resource
                .depends_on
                .iter()
                .filter_map(|needed| behind.get(needed))
                .flatten()
                .cloned()
                .collect();
            for needed in &resource.depends_on {
                let is_critical = steps.contains(&(needed, &id));
                if let Some(from) = numbers.get(needed)
                    && (is_critical || !further.contains(needed))
                {
                    drawing.edges.push((*from, number, is_critical));
                }
            }
            let takes = critical.slots.get(&id).map(|slot| slot.finish.saturating_sub(slot.start));
            drawing.nodes.push((number, id.clone(), takes.unwrap_or_default()));
            behind
                .insert(id.clone(), further.into_iter().chain(resource.depends_on.iter().cloned()).collect());
            numbers.insert(id, number);
        }
        drawing
    }
}

fn label(id: &ResourceId, takes: Duration, line_break: &str) -> String {
    match takes.as_secs() {
        0 => id.to_string(),
        seconds => format!("{id}{line_break}{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws_resources::samples::object;
    use crate::aws_resources::{AwsKind, AwsResource};
    use crate::engine::critical_path;
    use crate::graph::{Attribute, AwsId, Body, Late};

    /// A role, a cluster that needs it, and a node group that needs both.
    fn graph() -> Graph {
        let [role, mut cluster, mut group] =
            [AwsKind::Role, AwsKind::Cluster, AwsKind::NodeGroup].map(|kind| object(kind, "it"));
        let arn = |kind| Late::Attribute(AwsId::new(kind, "it"), Attribute::Arn).mark();
        if let (AwsResource::Cluster(cluster), AwsResource::NodeGroup(group)) =
            (&mut cluster.body, &mut group.body)
        {
            cluster.role_arn = arn(AwsKind::Role);
            group.node_role = arn(AwsKind::Role);
            group.cluster_name = arn(AwsKind::Cluster);
        }
        Graph::of(vec![Body::Aws(group), Body::Aws(cluster), Body::Aws(role)], &[])
    }

    #[test]
    fn pictures_show_the_critical_path_and_no_wait_that_others_imply() {
        let graph = graph();
        let critical = critical_path(&graph);
        assert_eq!(
            mermaid(&graph, &critical),
            "flowchart LR\n\
             \x20 n0[\"Role it<br/>2 s\"]:::critical\n\
             \x20 n1[\"Cluster it<br/>532 s\"]:::critical\n\
             \x20 n2[\"NodeGroup it<br/>131 s\"]:::critical\n\
             \x20 n0 ==> n1\n\
             \x20 n1 ==> n2\n\
             \x20 classDef critical stroke-width:3px,stroke:#c00\n"
        );
        let dot = dot(&graph, &critical);
        assert!(dot.contains("  n0 [label=\"Role it\\n2 s\" color=\"#cc0000\" penwidth=3]\n"), "{dot}");
        assert!(dot.contains("  n1 -> n2 [color=\"#cc0000\" penwidth=3]\n"), "{dot}");
        assert!(!dot.contains("n0 -> n2"), "{dot}");
    }

    #[test]
    fn the_document_has_every_wait_and_when_each_begins() {
        let graph = graph();
        let document = graph_json(&graph, &critical_path(&graph));
        assert_eq!(document["criticalPath"]["seconds"], 665);
        assert_eq!(document["resources"][2]["dependsOn"], json!(["Role it", "Cluster it"]));
        assert_eq!(document["resources"][2]["startSeconds"], 534);
    }
}
