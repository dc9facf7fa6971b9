//! [`Graph`] → text: the same bytes from run to run.

pub mod gitops;
mod graph;
mod ordered;
mod outputs;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::graph::{Graph, KubernetesObject, Late};
pub use graph::{dot, graph_json, mermaid};
use ordered::Ordered;
pub use outputs::{InvalidOutputs, Outputs};

/// One rendered object.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// A file name that sorts in the order of applying, without its ending: `007-secret-airflow-airflow-fernet-key`.
    pub file_stem: String,
    /// The object.
    pub object: Value,
    /// The late values for which stand-ins were written.
    pub stand_ins: BTreeSet<Late>,
}

/// Every Kubernetes object of the stack in the order of applying, with the late values that `outputs` knows.
///
/// What is not known gets a stand-in that is visibly one. Secrets always do: no render holds a secret.
///
/// ```
/// use airflow_eks_core::{desired, presets, render, Facts, Outputs};
///
/// let stack = presets::DEFAULT.stack(&Facts::unknown()).unwrap();
/// let manifests = render::manifests(&desired(&stack), &Outputs::default());
/// let text = render::yaml_stream(&manifests);
/// assert!(text.starts_with("---\napiVersion: v1\nkind: Namespace\n"));
/// assert!(text.contains("<known after apply: fileSystem.id>"));
/// ```
#[must_use]
pub fn manifests(graph: &Graph, outputs: &Outputs) -> Vec<Manifest> {
    graph.kubernetes().enumerate().map(|(position, object)| manifest(position, object, outputs)).collect()
}

fn manifest(position: usize, object: &KubernetesObject, outputs: &Outputs) -> Manifest {
    let id = &object.id;
    let parts = [Some(id.kind.as_str()), id.namespace.as_deref(), Some(id.name.as_str())];
    let name: Vec<String> = parts.into_iter().flatten().map(str::to_lowercase).collect();
    Manifest {
        file_stem: format!("{:03}-{}", position + 1, name.join("-")),
        object: object.resolved(&|late| outputs.value(late)),
        stand_ins: object.late_values().into_iter().filter(|late| !outputs.knows(late)).collect(),
    }
}

/// All manifests as one YAML stream, each document begun by `---`.
#[must_use]
pub fn yaml_stream(manifests: &[Manifest]) -> String {
    manifests.iter().map(|manifest| format!("---\n{}", yaml(&manifest.object))).collect()
}

/// All manifests as one JSON document: a Kubernetes `List`.
#[must_use]
pub fn json_list(manifests: &[Manifest]) -> String {
    let items: Vec<&Value> = manifests.iter().map(|manifest| &manifest.object).collect();
    json(&serde_json::json!({ "apiVersion": "v1", "kind": "List", "items": items }))
}

/// One value as a JSON document, its keys in the order in which people look for them.
#[must_use]
pub fn json(value: &Value) -> String {
    // A JSON value has text keys and finite numbers only, so writing it cannot fail.
    let mut text = serde_json::to_string_pretty(&Ordered(value)).unwrap_or_default();
    text.push('\n');
    text
}

/// One value as a YAML document, its keys in the order in which people look for them. Strings that any reader might take
/// for something else are quoted.
#[must_use]
pub fn yaml(value: &Value) -> String {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: true, folded_wrap_chars: usize::MAX };
    // As with JSON, there is nothing in a JSON value that could not be written.
    let mut text = serde_saphyr::to_string_with_options(&Ordered(value), options).unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
